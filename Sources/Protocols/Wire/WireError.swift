/// What is wrong with bytes from the wire, and where: the one error of the binary decoders.
///
/// It is plain data, so that throwing it allocates nothing. An anomaly name is made of the layer, the fault
/// and the field (`stun.truncated_attribute`); fields are written in lower case with underscores for that.
public struct WireError: Error, Sendable {
  /// The protocol whose decoder stopped.
  public enum Layer: UInt8, Sendable {
    case rtp, rtcp, stun, turn, tls, dtls, certificate, zrtp, udptl, hep
  }

  /// The kind of fault.
  public enum Fault: UInt8, Sendable {
    /// The bytes end before the field does.
    case truncated
    /// The field has a value that the specification forbids.
    case invalid
    /// The field is larger than the decoder's documented limit.
    case oversized
  }

  /// The protocol whose decoder stopped.
  public let layer: Layer
  /// The kind of fault.
  public let fault: Fault
  /// The field that could not be read.
  public let field: StaticString
  /// Where the field begins, in bytes from the start of the input.
  public let offset: Int
  /// How many bytes the field needs; for an invalid or oversized field the value found.
  public let needed: Int
  /// How many bytes are there from the offset on; for an oversized field the limit.
  public let available: Int

  /// An error with all its parts.
  public init(
    _ layer: Layer, _ fault: Fault, _ field: StaticString, offset: Int, needed: Int, available: Int
  ) {
    self.layer = layer
    self.fault = fault
    self.field = field
    self.offset = offset
    self.needed = needed
    self.available = available
  }
}

extension WireError: Equatable {
  /// Equal in every part.
  public static func == (left: WireError, right: WireError) -> Bool {
    left.layer == right.layer && left.fault == right.fault && left.offset == right.offset
      && left.needed == right.needed && left.available == right.available
      && left.field.description == right.field.description
  }
}

extension WireError: CustomStringConvertible {
  /// One line for a person, for example `stun truncated attribute at 20: 12 needed, 4 available`.
  public var description: String {
    "\(layer) \(fault) \(field) at \(offset): \(needed) needed, \(available) available"
  }
}
