/// One line of the catalogue of decode faults.
public struct DecodeFaultDescription: Sendable {
  /// The fault.
  public let kind: DecodeFault.Kind
  /// What is wrong, in one sentence.
  public let meaning: String
  /// Where the violated rule is written, or whose the check is.
  public let source: String
}

extension DecodeFault.Kind {
  /// What is wrong, in one sentence.
  public var meaning: String { description?.meaning ?? rawValue }

  private var description: DecodeFaultDescription? { Self.catalogue.first { $0.kind == self } }

  /// Every fault in the order of the enumeration, with its meaning and source.
  public static let catalogue: [DecodeFaultDescription] = link + network + transport + tunnel + fragment

  private static let link: [DecodeFaultDescription] = [
    row(.linkUnsupported, "The link type is not decoded; reported once for each.", "LINKTYPE registry"),
    row(.linkTooManyLayers, "The frame has more layers than any honest packet has.", "Ringwatch's limit"),
    row(.ethernetTruncated, "An Ethernet header was cut.", "IEEE 802.3 §3.1"),
    row(.cookedTruncated, "A Linux cooked header was cut.", "LINKTYPE_LINUX_SLL, LINKTYPE_LINUX_SLL2"),
    row(.loopbackTruncated, "A loopback header was cut.", "LINKTYPE_NULL, LINKTYPE_LOOP"),
    row(
      .linkTruncated, "Another link header (HDLC, frame relay, 802.11 …) was cut or contradicts itself.",
      "LINKTYPE registry"),
    row(.llcTruncated, "An IEEE 802.2 header was cut.", "IEEE 802.2 §3.2"),
    row(.pppTruncated, "A PPP header was cut.", "RFC 1661 §2"),
    row(.pppoeBadLength, "A PPPoE header was cut or its length does not fit.", "RFC 2516 §4"),
    row(.vlanTruncated, "A VLAN tag was cut.", "IEEE 802.1Q §9"),
    row(.mplsTruncated, "An MPLS label stack was cut.", "RFC 3032 §2.1"),
  ]

  private static let network: [DecodeFaultDescription] = [
    row(.ipBadVersion, "The version of a raw IP packet is neither 4 nor 6.", "LINKTYPE_RAW"),
    row(.ipv4HeaderTruncated, "An IPv4 header was cut.", "RFC 791 §3.1"),
    row(.ipv4BadVersion, "An IPv4 header does not say version 4.", "RFC 791 §3.1"),
    row(.ipv4BadHeaderLength, "The header length is below 20 bytes or beyond the packet.", "RFC 791 §3.1"),
    row(.ipv4BadTotalLength, "The total length is smaller than the header.", "RFC 791 §3.1"),
    row(
      .ipv4Truncated, "The packet is shorter than its total length, and no snap length explains it.",
      "RFC 791 §3.1"),
    row(.ipv6HeaderTruncated, "An IPv6 header was cut.", "RFC 8200 §3"),
    row(.ipv6BadVersion, "An IPv6 header does not say version 6.", "RFC 8200 §3"),
    row(
      .ipv6Truncated, "The packet is shorter than its payload length, and no snap length explains it.",
      "RFC 8200 §3"),
    row(.ipv6ExtensionTruncated, "An IPv6 extension header was cut.", "RFC 8200 §4"),
    row(.authenticationTruncated, "An authentication header was cut or is too short.", "RFC 4302 §2"),
  ]

  private static let transport: [DecodeFaultDescription] = [
    row(.udpTruncated, "A UDP header was cut.", "RFC 768"),
    row(.udpBadLength, "The UDP length is below 8 or beyond the packet.", "RFC 768"),
    row(.tcpTruncated, "A TCP header was cut.", "RFC 9293 §3.1"),
    row(.tcpBadOffset, "The TCP data offset is below 5 or beyond the packet.", "RFC 9293 §3.1"),
    row(.sctpTruncated, "An SCTP common header was cut.", "RFC 9260 §3.1"),
    row(.sctpBadChunkLength, "An SCTP chunk length is below 4 or beyond the packet.", "RFC 9260 §3.2"),
  ]

  private static let tunnel: [DecodeFaultDescription] = [
    row(
      .tunnelTooDeep, "There are more encapsulations than the limit; the inner packet is not decoded.",
      "Ringwatch's limit"),
    row(.greTruncated, "A GRE header was cut.", "RFC 2784 §2"),
    row(.greBadVersion, "A GRE version other than 0 and 1.", "RFC 2784 §2.3.1; RFC 2637 §4.1"),
    row(.erspanBadHeader, "An ERSPAN header was cut or is of an unknown version.", "draft-foschiano-erspan"),
  ]

  private static let fragment: [DecodeFaultDescription] = [
    row(
      .fragmentOverlap, "A fragment overlaps data that came before; what came first is kept.",
      "RFC 791 §3.2; RFC 5722 §3"),
    row(
      .fragmentBadLength, "A fragment reaches beyond the largest IP packet, or its size is impossible.",
      "RFC 791 §3.2; RFC 8200 §4.5"),
    row(.fragmentBadEnd, "Fragments of one packet disagree about its end.", "RFC 791 §3.2; RFC 8200 §4.5"),
  ]

  private static func row(
    _ kind: DecodeFault.Kind, _ meaning: String, _ source: String
  ) -> DecodeFaultDescription {
    DecodeFaultDescription(kind: kind, meaning: meaning, source: source)
  }
}
