package parcels.domain;

import java.util.List;

/** The use cases; knows nothing of AWS. */
public class Tracking {
    private final Parcels parcels;
    private final Notices notices;

    public Tracking(Parcels parcels, Notices notices) {
        this.parcels = parcels;
        this.notices = notices;
    }

    public void move(String number, String place) {
        parcels.find(number).ifPresent(parcel -> {
            Parcel moved = new Parcel(parcel.number(), parcel.customer(), place);
            parcels.keep(moved);
            notices.arrived(moved);
        });
    }

    public List<Parcel> of(String customer) {
        return parcels.of(customer);
    }
}
