internal import Packets
internal import Values

/// A contact under which an address of record can be reached (RFC 3261 §10), or could be until lately.
struct RegistrationBinding: Sendable {
  /// Address of record.
  var aor: UInt64 = 0
  var contact = RegisteredContact()
  var callID = WideKey.none
  /// The hash of the nonce whose credentials the registrar accepted; 0 without one.
  var nonce: UInt64 = 0
  /// The last REGISTER, or the reverse of its 200 where only that was seen.
  var origin: PacketOrigin
  /// Whether it holds; one that was removed or has expired is remembered to recognise its device.
  var isActive = false
  var isRefreshed = false
  /// Seconds granted.
  var lifetime: UInt32 = 0
  /// When the registrar said yes last.
  var renewed = Timestamp(nanoseconds: 0)
  /// When it expires, grace included, or is forgotten.
  var deadline = Timestamp(nanoseconds: 0)

  // The record's text; that of the contact is in `contact`.
  var aorText = ByteRange()
  var callIDText = ByteRange()
  var userAgent = ByteRange()

  /// When the time that was granted is over; the grace only delays telling it.
  var expiry: Timestamp { renewed.advanced(byNanoseconds: Int64(lifetime) * 1_000_000_000) }

  init(origin: PacketOrigin) {
    self.origin = origin
  }

  /// What it is worth when the table is full: what only was, what was granted once, what is kept alive.
  var level: Int { isActive ? (isRefreshed ? 2 : 1) : 0 }
}

/// How a registration differs from those before; absent where there was none to compare with.
struct BindingSignals: Equatable, Sendable {
  var sourceChanged: Bool?
  var contactChanged: Bool?
  /// Where the registration before came from, when the source changed.
  var previousSource: IPAddress?
}
