/// What ITU-T G.113 and likeness say of the codecs that RTP carries.
///
/// Published figures are those of G.113: narrowband Appendix I (`Ie` of Table I.1, `Bpl` of Table I.3),
/// wideband Appendix IV (Table IV.1, handset), fullband Appendix V. A codec that is not listed has no
/// figure, and then a stream has no opinion score: Speex, SILK, QCELP-13 and LPC, video, and redundancy.
enum CodecTable {
  /// A row: the figures of a codec, or of one of its rates.
  private struct Row {
    let name: CodecName
    /// Bytes of payload that 20 ms take at this rate, in the payload formats that there are.
    let size: ClosedRange<Double>?
    let impairment: CodecImpairment

    init(_ name: StaticString, _ impairment: CodecImpairment, size: ClosedRange<Double>? = nil) {
      self.name = CodecName(name)
      self.size = size
      self.impairment = impairment
    }
  }

  /// G.711 with and without concealment of losses in the receiver, which no packet shows (Table I.3).
  static let concealed = CodecImpairment(.narrowband, 0, .published, 25.1, .published)
  static let unconcealed = CodecImpairment(.narrowband, 0, .published, 4.3, .published)
  /// G.729A; its robustness is given with voice activity detection only.
  static let g729 = CodecImpairment(.narrowband, 10, .published, 19, .proxy)
  static let g729WithPauses = CodecImpairment(.narrowband, 11, .published, 19, .published)

  /// Robustness where G.113 has none: that of GSM-EFR, between G.711 without and with concealment.
  private static let middling = 10.0

  /// The rows of a codec stand together, slower rates first.
  private static let rows: [Row] = narrowband + wideband + fullband

  private static let narrowband: [Row] = [
    Row("G723", CodecImpairment(.narrowband, 19, .published, 16.1, .proxy), size: 13.3...13.4),
    Row("G723", CodecImpairment(.narrowband, 15, .published, 16.1, .published), size: 16...16),
    // Waveform codecs, of which the loss of a packet also upsets the predictor: G.711 without concealment.
    Row("G726-16", CodecImpairment(.narrowband, 50, .published, 4.3, .proxy)),
    Row("G726-24", CodecImpairment(.narrowband, 25, .published, 4.3, .proxy)),
    Row("G726-32", CodecImpairment(.narrowband, 7, .published, 4.3, .proxy)),
    Row("G726-40", CodecImpairment(.narrowband, 2, .published, 4.3, .proxy)),
    Row("G721", CodecImpairment(.narrowband, 7, .published, 4.3, .proxy)),
    Row("G728", CodecImpairment(.narrowband, 7, .published, middling, .assumed)),
    Row("GSM", CodecImpairment(.narrowband, 20, .published, 10, .proxy)),
    Row("GSM-HR-08", CodecImpairment(.narrowband, 23, .published, 10, .proxy)),
    Row("GSM-EFR", CodecImpairment(.narrowband, 5, .published, 10, .published)),
    Row("EVRC", CodecImpairment(.narrowband, 6, .published, middling, .assumed)),
    Row("EVRC0", CodecImpairment(.narrowband, 6, .published, middling, .assumed)),
    // AMR 7.4 is IS-641 and AMR 12.2 is GSM-EFR as codecs; G.113 does not list AMR itself.
    Row("AMR", CodecImpairment(.narrowband, 10, .proxy, 10, .proxy), size: 20...21),
    Row("AMR", CodecImpairment(.narrowband, 5, .proxy, 10, .proxy), size: 32...33),
    // The listening tests of iLBC found it equal to G.729A without losses and better with them.
    Row("iLBC", CodecImpairment(.narrowband, 10, .proxy, 19, .proxy)),
  ]

  private static let wideband: [Row] = [
    Row("G722", CodecImpairment(.wideband, 13, .published, middling, .assumed)),
    Row("G7221", CodecImpairment(.wideband, 19, .published, middling, .assumed), size: 60...60),
    Row("G7221", CodecImpairment(.wideband, 13, .published, middling, .assumed), size: 80...80),
    Row("AMR-WB", adaptive(41), size: 18...19),
    Row("AMR-WB", adaptive(26), size: 24...25),
    Row("AMR-WB", adaptive(13), size: 33...34),
    Row("AMR-WB", adaptive(10), size: 37...38),
    Row("AMR-WB", adaptive(7), size: 41...42),
    Row("AMR-WB", adaptive(5), size: 47...48),
    Row("AMR-WB", adaptive(3), size: 51...52),
    Row("AMR-WB", adaptive(1), size: 59...60),
    Row("AMR-WB", adaptive(8), size: 61...62),
  ]

  /// EVS has published figures as superwideband; that a stream is that is assumed. Opus at about twice the
  /// rate is taken for EVS; below 16 kbit/s nothing is said of it.
  private static let fullband: [Row] = [
    Row("EVS", CodecImpairment(.fullband, 22.7, .assumed, 13, .published), size: 24...25),
    Row("EVS", CodecImpairment(.fullband, 17.1, .assumed, 11.7, .published), size: 33...34),
    Row("EVS", CodecImpairment(.fullband, 10.8, .assumed, 10.3, .published), size: 41...42),
    Row("EVS", CodecImpairment(.fullband, 7.2, .assumed, 11.4, .published), size: 61...62),
    Row("EVS", CodecImpairment(.fullband, 8.7, .assumed, 9.3, .published), size: 80...81),
    Row("EVS", CodecImpairment(.fullband, 10.2, .assumed, 9.6, .published), size: 120...121),
    Row("opus", CodecImpairment(.fullband, 17.1, .proxy, 11.7, .proxy), size: 40...64),
    Row("opus", CodecImpairment(.fullband, 10.8, .proxy, 10.3, .proxy), size: 64...1275),
  ]

  private static func adaptive(_ equipment: Double) -> CodecImpairment {
    CodecImpairment(.wideband, equipment, .published, middling, .assumed)
  }

  private static let pulseCodeNames = [CodecName("PCMU"), CodecName("PCMA")]
  private static let g729Names = [CodecName("G729"), CodecName("G729A")]

  /// What is known of how a stream uses its codec.
  struct Usage {
    /// Mean bytes of payload that 20 ms of sound take; nil when the packets' duration is not known.
    var size: Double?
    /// Whether the sender pauses in silence.
    var hasPauses = false
    /// Whether receivers conceal losses of G.711.
    var isConcealed = true
  }

  /// The figures of a codec as a stream uses it; nil when nothing honest can be said.
  static func impairment(of name: CodecName, _ usage: Usage) -> CodecImpairment? {
    if pulseCodeNames.contains(name) { return usage.isConcealed ? concealed : unconcealed }
    if g729Names.contains(name) { return usage.hasPauses ? g729WithPauses : g729 }
    var best: CodecImpairment?
    for row in rows where row.name == name {
      guard let range = row.size else { return row.impairment }
      // Which rate it is must be seen: the rates of one codec lie up to two points of opinion apart.
      guard let size = usage.size, size >= range.lowerBound - 0.6 else { break }
      best = size <= range.upperBound + 0.6 ? row.impairment : row.impairment.withAssumedEquipment()
    }
    return best
  }
}

/// An encoding name of at most 15 characters, compared without case.
struct CodecName: Equatable, Sendable {
  private let word: UInt128

  init(_ name: StaticString) {
    var word: UInt128 = 0
    // At most 15 bytes: the text fits into the String itself and allocates nothing.
    for byte in name.description.utf8 { word = word << 8 | UInt128(Self.lowercased(byte)) }
    self.word = word
  }

  init(_ format: borrowing MediaFormat) {
    var word: UInt128 = 0
    for index in 0..<Int(format.nameCount) {
      word = word << 8 | UInt128(Self.lowercased(format.nameBytes[index]))
    }
    self.word = word
  }
  private static func lowercased(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }
}
