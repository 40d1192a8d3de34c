internal import Events
internal import Values

/// What is read from an alert of an earlier log.
extension EventStage {
  static let sourceFields = FieldCatalog.all.filter { $0.name.hasPrefix("source.") }.map(\.field)

  /// What `alert.metadata.spoofable` says.
  static func spoofability(of alert: borrowing Event) -> Int {
    guard case .list(let range) = alert[.alertMetadataSpoofable],
      case .text(let text) = alert.items[range.start], text.count == 1
    else { return 0 }
    return Int(alert.text[text.start] &- 0x30)
  }

  /// The fields that tell of what an alert of the log came.
  static let tellingFields: [(field: Field, kind: EventKind)] = [
    (.anomalyEvent, .anomaly), (.rtpEvent, .rtpEnded), (.scoreEntity, .score), (.callEvent, .callStarted),
    (.registrationEvent, .registrationRegistered), (.sipCode, .sipResponse), (.sipTransport, .sipRequest),
  ]

  /// What an alert of the log came of, as far as that matters for who is behind it.
  static func kind(behind alert: borrowing Event) -> EventKind {
    for (field, kind) in tellingFields where alert.has(field) { return kind }
    return .alert
  }

  /// Takes out the addresses that the log gave to an alert of no packet, since some readers need them.
  static func removeAddedAddresses(from alert: inout Event) {
    guard !alert.has(.proto), !alert.has(.ipV), !alert.has(.clientIP) else { return }
    for field in [Field.srcIP, .destIP, .appProto] { alert.set(field, .absent) }
  }
}
