"""What kefu costs, measured beside its peers."""
