"""Which IAM prefix a service's actions have."""

from __future__ import annotations

from authorization import Authorization
from models import Service

#: Services whose model does not name the prefix.
OVERRIDES = {
    "account-access-runtime": "account-access",
    "cloudcontrol": "cloudformation",
    "connectparticipant": "execute-api",
    "iot-data": "iot",
    "iot-jobs-data": "iotjobsdata",
    "iotsecuretunneling": "iot",
    "mturk": "mechanicalturk",
    "partnercentral-account": "partnercentral",
    "partnercentral-benefits": "partnercentral",
    "partnercentral-channel": "partnercentral",
    "partnercentral-selling": "partnercentral",
    "resourcegroupstaggingapi": "tag",
}


def prefix_of(service: Service, authorization: Authorization) -> str:
    """The first of the names that the model gives which the authorization reference knows."""
    if service.name in OVERRIDES:
        return OVERRIDES[service.name]
    metadata = service.metadata
    signing, endpoint = metadata.get("signingName"), metadata.get("endpointPrefix")
    names = [name for name in (signing, endpoint, service.name) if name]
    return next((name for name in names if name in authorization.actions), names[0])
