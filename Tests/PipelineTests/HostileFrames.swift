import TestCaptures

/// Frames of transports that no honest capture has in such numbers.
enum HostileFrames {
  static func big(_ value: Int, _ width: Int = 2) -> [UInt8] {
    (0..<width).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  /// An Ethernet frame with an IPv4 packet from 10.x.y.z, which a number spells, or to it.
  static func ip(
    _ transport: UInt8, _ payload: [UInt8], host: Int, isAnswer: Bool = false, identification: Int = 1,
    fragmentation: Int = 0x4000
  ) -> [UInt8] {
    let ends = [[10] + big(host, 3), [192, 0, 2, 9]]
    var header: [UInt8] = [0x45, 0] + big(payload.count + 20) + big(identification) + big(fragmentation)
    header += [64, transport, 0, 0] + (isAnswer ? ends[1] + ends[0] : ends[0] + ends[1])
    return [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0] + header + payload
  }

  static func udp(
    _ payload: [UInt8], host: Int, isAnswer: Bool = false, port: Int = 4000, to destination: Int = 5060
  ) -> [UInt8] {
    let ports = isAnswer ? big(destination) + big(port) : big(port) + big(destination)
    return ip(17, ports + big(payload.count + 8) + [0, 0] + payload, host: host, isAnswer: isAnswer)
  }

  /// A TCP segment; SYN is 2, ACK 16.
  static func tcp(
    _ payload: [UInt8], host: Int, sequence: Int, flags: UInt8 = 16, isAnswer: Bool = false, port: Int = 5060
  ) -> [UInt8] {
    let ports = isAnswer ? big(port) + big(4000) : big(4000) + big(port)
    let numbers = big(sequence, 4) + big(1, 4)
    return ip(
      6, ports + numbers + [0x50, flags, 0x20, 0, 0, 0, 0, 0] + payload, host: host, isAnswer: isAnswer)
  }

  /// A connection of which both sides were seen, with the first bytes of the client.
  static func connection(_ payload: [UInt8], host: Int, port: Int = 5060) -> [[UInt8]] {
    [
      tcp([], host: host, sequence: 99, flags: 2, port: port),
      tcp([], host: host, sequence: 0, flags: 18, isAnswer: true, port: port),
      tcp(payload, host: host, sequence: 100, port: port),
    ]
  }

  static func sctp(_ number: Int, flags: UInt8) -> [UInt8] {
    let chunk: [UInt8] = [0, flags] + big(20) + big(number, 4) + [0, 1, 0, 2, 0, 0, 0, 9, 1, 2, 3, 4]
    return ip(132, big(5060) + big(5061) + [1, 2, 3, 4, 0, 0, 0, 0] + chunk, host: 1)
  }

  static func rtp(_ sequence: Int, host: Int) -> [UInt8] {
    let head: [UInt8] = [0x80, 0] + big(sequence) + big(sequence * 160, 4) + big(host + 1, 4)
    return udp(head + [UInt8](repeating: 0xd5, count: 160), host: host, port: 20_000, to: 30_000)
  }
}

extension CaptureBytes {
  /// A capture of frames, a millisecond apart.
  init(frames: some Sequence<[UInt8]>) {
    self.init()
    for (index, frame) in frames.enumerated() { add(frame: frame, at: Int64(index)) }
  }
}
