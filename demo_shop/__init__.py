"""A shop to try kefu with: orders and parcels over HTTP, replaceable by a URL."""
