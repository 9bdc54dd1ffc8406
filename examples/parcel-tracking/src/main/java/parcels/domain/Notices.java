package parcels.domain;

/** Tells customers where their parcels are. */
public interface Notices {
    void arrived(Parcel parcel);
}
