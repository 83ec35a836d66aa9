import Testing

@Suite struct ReplicationProtocolsPlaceholder {}
