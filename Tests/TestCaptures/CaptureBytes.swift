public import Values

/// A pcap file of SIP datagrams, put together byte by byte without the code under test.
public struct CaptureBytes {
  /// The file so far.
  public private(set) var bytes: [UInt8]
  /// Frames so far.
  public private(set) var frameCount = 0
  private let start: Timestamp

  /// A file without frames.
  ///
  /// - Parameters:
  ///   - start: the time that the times of frames count from.
  ///   - linkType: the link type of all frames; 1 is Ethernet.
  public init(start: Timestamp = Timestamp(seconds: 1_772_403_247, nanoseconds: 0), linkType: Int64 = 1) {
    self.start = start
    bytes = Self.little(0xa1b2_c3d4, 4) + Self.little(2, 2) + Self.little(4, 2) + Self.little(0, 8)
    bytes += Self.little(65_535, 4) + Self.little(linkType, 4)
  }

  /// One end of a datagram.
  public struct Endpoint: Sendable {
    let address: UInt32
    let port: UInt16

    /// An IPv4 address by its four numbers, and a port.
    public init(_ a: UInt8, _ b: UInt8, _ c: UInt8, _ d: UInt8, port: UInt16 = 5060) {
      address = UInt32(a) << 24 | UInt32(b) << 16 | UInt32(c) << 8 | UInt32(d)
      self.port = port
    }
  }

  /// Adds an Ethernet frame that was captured some milliseconds after the start.
  ///
  /// - Parameter originalLength: its length on the wire; nil when it was captured whole.
  public mutating func add(frame: [UInt8], at milliseconds: Int64, originalLength: Int? = nil) {
    let time = start.nanoseconds + milliseconds * 1_000_000
    bytes += Self.little(time / 1_000_000_000, 4) + Self.little(time % 1_000_000_000 / 1000, 4)
    let length = Int64(originalLength ?? frame.count)
    bytes += Self.little(Int64(frame.count), 4) + Self.little(length, 4) + frame
    frameCount += 1
  }

  /// Adds a UDP datagram over IPv4 and Ethernet.
  public mutating func add(
    datagram: [UInt8], from source: Endpoint, to destination: Endpoint, at milliseconds: Int64
  ) {
    add(frame: Self.frame(datagram, from: source, to: destination), at: milliseconds)
  }

  /// An Ethernet frame with a UDP datagram.
  public static func frame(_ payload: [UInt8], from source: Endpoint, to destination: Endpoint) -> [UInt8] {
    var datagram = big(source.port) + big(destination.port)
    datagram += big(UInt16(payload.count + 8)) + [0, 0] + payload
    var header: [UInt8] = [0x45, 0] + big(UInt16(datagram.count + 20)) + [0, 1, 0x40, 0, 64, 17, 0, 0]
    for address in [source.address, destination.address] {
      header += big(UInt16(address >> 16)) + big(UInt16(address & 0xffff))
    }
    return [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x08, 0x00] + header + datagram
  }

  private static func little(_ value: Int64, _ width: Int) -> [UInt8] {
    (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * Int64($0))) }
  }

  private static func big(_ value: UInt16) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 0xff)] }
}
