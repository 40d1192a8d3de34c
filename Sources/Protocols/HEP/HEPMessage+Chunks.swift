internal import Packets
internal import Values

extension HEPMessage {
  /// The generic chunk types (vendor 0) that are read; all others are only counted.
  private enum Chunk: UInt16 {
    case family = 0x01
    case ipProtocol = 0x02
    case sourceV4 = 0x03
    case destinationV4 = 0x04
    case sourceV6 = 0x05
    case destinationV6 = 0x06
    case sourcePort = 0x07
    case destinationPort = 0x08
    case seconds = 0x09
    case microseconds = 0x0a
    case content = 0x0b
    case captureID = 0x0c
    case keepAlive = 0x0d
    case authenticationKey = 0x0e
    case payload = 0x0f
    case compressedPayload = 0x10
    case correlationID = 0x11
    case vlan = 0x12
    case group = 0x13
    case tcpFlags = 0x17
    case typeOfService = 0x18
    case mos = 0x20
    case rFactor = 0x21
  }

  /// The two halves of the time, joined when all chunks are read.
  private struct Clock {
    var seconds: UInt32?
    var microseconds: UInt32?
  }

  private static let headerCount = 6

  /// Version 3: magic, total length, then chunks of vendor, type, length (all included) and value.
  mutating func readChunks(_ bytes: Bytes) throws(WireError) {
    var reader = WireReader(bytes, layer: .hep)
    _ = try reader.take(4, "magic")
    let total = Int(try reader.uint16(bytes, "length"))
    guard total >= Self.headerCount else { throw reader.invalid("length", value: total) }
    if total > bytes.count {
      fault = WireError(.hep, .truncated, "message", offset: 0, needed: total, available: bytes.count)
    }
    range = ByteRange(0, min(total, bytes.count))
    var chunks = WireReader(bytes, ByteRange(Self.headerCount, range.end), layer: .hep)
    var clock = Clock()
    do throws(WireError) {
      while !chunks.isAtEnd { try readChunk(bytes, &chunks, &clock) }
    } catch {
      fault = fault ?? error
    }
    guard let seconds = clock.seconds else { return }
    time = Timestamp(
      seconds: Int64(seconds), nanoseconds: Int64(min(clock.microseconds ?? 0, 999_999)) * 1000)
  }

  private mutating func readChunk(
    _ bytes: Bytes, _ chunks: inout WireReader, _ clock: inout Clock
  ) throws(WireError) {
    let vendor = try chunks.uint16(bytes, "chunk_header")
    let type = try chunks.uint16(bytes, "chunk_header")
    let count = Int(try chunks.uint16(bytes, "chunk_header"))
    guard count >= 6 else { throw chunks.invalid("chunk_length", value: count) }
    let value = try chunks.take(count - 6, "chunk")
    chunkCount += 1
    guard vendor == 0, let chunk = Chunk(rawValue: type) else { return }
    var reader = WireReader(bytes, value, layer: .hep)
    do throws(WireError) {
      try read(chunk, bytes, &reader, &clock)
    } catch {
      // A chunk that is too short for its type does not hide the ones behind it.
      fault = fault ?? error
    }
  }

  private mutating func read(
    _ chunk: Chunk, _ bytes: Bytes, _ value: inout WireReader, _ clock: inout Clock
  ) throws(WireError) {
    switch chunk {
    case .family, .keepAlive: break
    case .ipProtocol: ipProtocol = try value.uint8(bytes, "ip_protocol")
    case .sourceV4: source = IPAddress(v4: try value.uint32(bytes, "source_address"))
    case .destinationV4: destination = IPAddress(v4: try value.uint32(bytes, "destination_address"))
    case .sourceV6: source = try value.address6(bytes, "source_address")
    case .destinationV6: destination = try value.address6(bytes, "destination_address")
    case .sourcePort: sourcePort = try value.uint16(bytes, "source_port")
    case .destinationPort: destinationPort = try value.uint16(bytes, "destination_port")
    case .seconds: clock.seconds = try value.uint32(bytes, "seconds")
    case .microseconds: clock.microseconds = try value.uint32(bytes, "microseconds")
    case .content: contentCode = try value.uint8(bytes, "content")
    case .captureID: captureID = try value.uint32(bytes, "capture_id")
    case .authenticationKey: hasAuthenticationKey = true
    case .payload, .compressedPayload:
      guard payload.isEmpty else { return }
      payload = value.rest
      isCompressed = chunk == .compressedPayload
    case .correlationID: correlationID = correlationID ?? value.rest
    case .vlan: vlan = try value.uint16(bytes, "vlan") & 0xfff
    case .group: group = group ?? value.rest
    case .tcpFlags: tcpFlags = try value.uint8(bytes, "tcp_flags")
    case .typeOfService: typeOfService = try value.uint8(bytes, "type_of_service")
    case .mos: mosHundredths = try value.uint16(bytes, "mos")
    case .rFactor: rFactor = try value.uint16(bytes, "r_factor")
    }
  }
}

extension WireReader {
  fileprivate mutating func address6(
    _ bytes: Bytes, _ field: StaticString
  ) throws(WireError) -> IPAddress {
    guard remaining >= 16 else { throw truncated(field, needed: 16) }
    let high = try uint64(bytes, field)
    return IPAddress(v6High: high, low: try uint64(bytes, field))
  }
}
