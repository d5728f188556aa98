//! The web side of the cluster.
