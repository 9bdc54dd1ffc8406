package parcels.domain;

/** A parcel on its way. */
public record Parcel(String number, String customer, String place) {}
