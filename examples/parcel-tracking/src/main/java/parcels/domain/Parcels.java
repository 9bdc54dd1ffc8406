package parcels.domain;

import java.util.List;
import java.util.Optional;

/** Where parcels are kept. */
public interface Parcels {
    void keep(Parcel parcel);

    Optional<Parcel> find(String number);

    List<Parcel> of(String customer);

    void forget(String number);
}
