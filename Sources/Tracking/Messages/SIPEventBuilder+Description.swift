internal import Events
internal import Packets
internal import Protocols
internal import Values

/// Fields of the session description; keys and passwords are not even parsed.
extension SIPEventBuilder {
  func setDescription(_ bytes: Bytes, into event: inout Event) {
    event.set(.sipSDPOrigin, text: description.origin.range)
    event.set(.sipSDPSessionName, text: description.sessionName)
    event.set(.sipSDPConnectionData, text: description.connection.line)
    event.set(.sipSDPTime, text: description.time)
    let lines = event.items.count
    for medium in description.media where !medium.line.isEmpty { event.appendItem(.text(medium.line)) }
    event.set(.sipSDPMediaDescriptionsMedia, itemsFrom: lines)
    setConnection(into: &event)
    let types = event.items.count
    for medium in description.media where !medium.isRejected { event.appendItem(.text(medium.kindRange)) }
    event.set(.sipSDPMediaTypes, itemsFrom: types)
    setCodecs(into: &event)
    setProtection(into: &event)
  }

  private func setConnection(into event: inout Event) {
    let address = description.media.first.map { description.connection(of: $0) } ?? description.connection
    if let address = address.address { event.set(.sipSDPConnectionIP, ip: address) }
  }

  /// The encodings of all media in order, each once: by rtpmap, else by the static payload type (RFC 3551).
  private func setCodecs(into event: inout Event) {
    let start = event.items.count
    for medium in description.media where !medium.isRejected {
      for format in description.formats[medium.formats] {
        guard let name = encodingName(of: format, in: &event) else { continue }
        let isKnown = event.items[start...].contains { item in
          guard case .text(let range) = item, range.count == name.count else { return false }
          return event.text[range.range].elementsEqual(event.text[name.range])
        }
        if !isKnown { event.appendItem(.text(name)) }
      }
    }
    event.set(.sipSDPCodecs, itemsFrom: start)
  }

  private func encodingName(of format: SDPFormat, in event: inout Event) -> ByteRange? {
    if !format.codec.isEmpty { return format.codec }
    guard let type = format.payloadType, let codec = RTPCodec.assigned(to: type) else { return nil }
    return event.append(constant: codec.name)
  }

  private func setProtection(into event: inout Event) {
    let media = description.media
    set(.sipSDPSecure, media.contains { $0.isSecure || $0.cryptoCount > 0 }, in: &event)
    set(.sipSDPDtls, media.contains { $0.fingerprintCount > 0 && !$0.isRejected }, in: &event)
    set(.sipSDPIce, media.contains { $0.hasICE }, in: &event)
  }

  /// What a description does not say whose end was not captured, it may say there.
  private func set(_ field: Field, _ value: Bool, in event: inout Event) {
    if value || !description.isCut { event.set(field, bool: value) }
  }
}
