internal import Packets
internal import Protocols
internal import Values

/// What tells one contact of an address of record from another.
struct RegisteredContact: Sendable {
  /// User, host and port of the URI; what parameters say of one device does not make it another.
  var key: UInt64 = 0
  /// The whole URI.
  var uri: UInt64 = 0
  /// Instance and flow of the device (RFC 5626 §4), which outlive every address; 0 when it names none.
  var instance: UInt64 = 0
  /// Whether it names the flow, too.
  var hasFlow = false
  /// What the request asked for, in seconds: the contact's parameter, else the Expires header.
  var asked: UInt32?
  /// The URI in the record's text.
  var text = ByteRange()

  /// No contact.
  init() {}

  /// The contact of a message, without its text.
  init(_ contact: borrowing SIPContact, _ bytes: Bytes, expires: UInt32?, seed: UInt64) {
    let uri = contact.address.uri
    var hash = SeededHash(seed: seed)
    hash.combine(MessageKeys.address(bytes, uri, seed: seed))
    hash.combine(UInt64(uri.port ?? 0))
    key = max(1, hash.value)
    self.uri = MessageKeys.key(bytes, uri.range, seed: seed)
    asked = contact.expires ?? expires
    guard !contact.instance.isEmpty else { return }
    var device = SeededHash(seed: seed)
    device.combine(bytes.extracting(contact.instance.range))
    device.combine(bytes.extracting(contact.flow.range))
    instance = max(1, device.value)
    hasFlow = !contact.flow.isEmpty
  }

  /// How surely another contact is the same one, 0 when it is not: whole URI and device, whole URI, device, or user,
  /// host and port. A registrar that knows devices keeps bindings of one URI apart by them (RFC 5626 §6).
  func likeness(to other: borrowing RegisteredContact) -> Int {
    let device = other.instance
    let isSameDevice = instance != 0 && instance == device
    let isOtherDevice = instance != 0 && device != 0 && !isSameDevice
    if isOtherDevice { return 0 }
    if uri == other.uri { return isSameDevice ? 4 : 3 }
    if isSameDevice { return 2 }
    return key == other.key ? 1 : 0
  }
}

/// The lifetime that a 200 grants to one requested contact.
///
/// A 200 lists all bindings of the address of record (RFC 3261 §10.3), so the requested one has to be found
/// among them. A registrar may have rewritten it; then it is the only one listed, or nothing is known of it.
struct GrantedLifetime {
  private var likeness = 0
  private var found: UInt32?
  private var only: UInt32?

  /// The suggestion of RFC 3261 §10.2 where neither side says anything.
  static let usual: UInt32 = 3600

  /// Looks at one contact of the response.
  mutating func look(at listed: borrowing RegisteredContact, for asked: borrowing RegisteredContact) {
    only = listed.asked
    let likeness = listed.likeness(to: asked)
    guard likeness > self.likeness else { return }
    self.likeness = likeness
    found = listed.asked
  }

  /// The lifetime in seconds, 0 for a removed binding; nil when it may stand in what the capture cut.
  func seconds(
    asked: UInt32?, header: UInt32?, contactsListed: Int, contactsAsked: Int, isCut: Bool
  ) -> UInt32? {
    if asked == 0 { return 0 }
    if likeness > 0, let found { return found }
    if likeness == 0, contactsListed == 1, contactsAsked == 1, let only { return only }
    return header ?? asked ?? (isCut ? nil : Self.usual)
  }
}
