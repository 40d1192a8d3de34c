import Testing

@testable import Tracking

@Suite struct EModelTests {
  /// Opinion score to two decimals.
  private func score(_ codec: CodecImpairment, _ percent: Double, burst: Double = 1) -> Double {
    let rating = EModel.rating(of: codec, loss: percent / 100, burstRatio: burst)
    return (100 * EModel.opinionScore(rating: rating, scale: codec.scale)).rounded() / 100
  }

  private func impairment(_ name: StaticString, size: Double? = nil) -> CodecImpairment? {
    CodecTable.impairment(of: CodecName(name), CodecTable.Usage(size: size))
  }

  @Test(arguments: [(0, 4.41), (1, 4.33), (2, 4.23), (5, 3.92), (10, 3.41)])
  func `G711 with concealment has the published scores`(percent: Double, expected: Double) {
    #expect(score(CodecTable.concealed, percent) == expected)
  }

  @Test(arguments: [(0, 4.41), (1, 3.83), (2, 3.26), (5, 2.17)])
  func `G711 without concealment has the published scores`(percent: Double, expected: Double) {
    #expect(score(CodecTable.unconcealed, percent) == expected)
  }

  @Test(arguments: [(0, 4.14), (1, 3.98), (2, 3.83), (5, 3.38)])
  func `G729A has the published scores`(percent: Double, expected: Double) {
    #expect(score(CodecTable.g729, percent) == expected)
  }

  @Test func `G729A with pauses has the published impairment at two percent`() {
    let impairment = EModel.effectiveImpairment(of: CodecTable.g729WithPauses, loss: 0.02)
    #expect((impairment * 10).rounded() / 10 == 19)
  }

  @Test(arguments: [(18, 3.51), (24, 4.02), (34, 4.34), (41, 4.43), (60, 4.49), (61, 4.42)])
  func `AMR-WB without losses has the wideband scores of its rate`(size: Double, expected: Double) throws {
    let codec = try #require(impairment("AMR-WB", size: size))
    #expect(codec.scale == .wideband && codec.source(loss: 0) == .published)
    #expect(codec.source(loss: 0.01) == .assumed)
    #expect(score(codec, 0) == expected)
  }

  @Test func `a line without impairment reaches the top of its own scale only`() {
    for scale in [EModel.Scale.narrowband, .wideband, .fullband] {
      let codec = CodecImpairment(scale, 0, .assumed, 10, .assumed)
      #expect(EModel.rating(of: codec, loss: 0) == scale.highestRating)
      #expect(score(codec, 0) == (scale == .narrowband ? 4.41 : 4.5))
      #expect(score(codec, 100) < 2)
    }
  }

  @Test func `bursts make losses worse, and even spacing does not make them better`() {
    #expect(score(CodecTable.concealed, 5, burst: 2) < score(CodecTable.concealed, 5))
    #expect(score(CodecTable.concealed, 5, burst: 0.5) == score(CodecTable.concealed, 5))
  }

  @Test func `delay counts from a tenth of a second on`() {
    #expect(EModel.delayImpairment(0) == 0 && EModel.delayImpairment(0.1) == 0)
    #expect(EModel.delayImpairment(0.1001) < 0.001)
    // By hand: X = 1 gives 25 · (2^(1/6) − 3 · (1 + 3^-6)^(1/6) + 2).
    #expect(abs(EModel.delayImpairment(0.2) - 3.0446) < 0.001)
    #expect(abs(EModel.delayImpairment(0.4) - 23.6) < 1.5)
    #expect(EModel.delayImpairment(.infinity).isFinite && EModel.delayImpairment(-1) == 0)
    var last = 0.0
    for delay in stride(from: 0.1, through: 3, by: 0.05) {
      #expect(EModel.delayImpairment(delay) >= last)
      last = EModel.delayImpairment(delay)
    }
  }

  @Test func `scores fall with loss and stay within their range, whatever comes`() {
    for codec in [CodecTable.concealed, CodecTable.g729WithPauses] {
      var last = 5.0
      for percent in stride(from: -5.0, through: 120, by: 0.5) {
        let now = score(codec, percent)
        #expect(now <= last && now >= 1 && now <= 4.5)
        last = now
      }
    }
    for rating in [-10, 0, 3, 100, 1000, Double.infinity] {
      #expect((1...4.5).contains(EModel.opinionScore(rating: rating, scale: .narrowband)))
    }
  }
}

@Suite struct CodecTableTests {
  private func impairment(_ name: StaticString, size: Double? = nil) -> CodecImpairment? {
    CodecTable.impairment(of: CodecName(name), CodecTable.Usage(size: size))
  }

  @Test func `names are compared without case`() {
    #expect(impairment("pcmu")?.source(loss: 0.1) == .published)
    #expect(impairment("Ilbc")?.source(loss: 0) == .proxy)
  }

  @Test func `of what nobody has figures nothing is said`() {
    for name: StaticString in ["speex", "SILK", "telephone-event", "H264", "red", "QCELP", ""] {
      #expect(impairment(name, size: 160) == nil, "\(name)")
    }
  }

  @Test func `a codec of many rates needs its rate to be seen`() {
    #expect(impairment("AMR") == nil && impairment("AMR-WB") == nil && impairment("opus") == nil)
    #expect(impairment("AMR", size: 32)?.equipment == 5)
    #expect(impairment("AMR", size: 32)?.source(loss: 0) == .proxy)
    // 10.2 kbit/s: the next slower rate, and only assumed.
    #expect(impairment("AMR", size: 27)?.equipment == 10)
    #expect(impairment("AMR", size: 27)?.source(loss: 0) == .assumed)
    // 4.75 kbit/s: nothing slower is known.
    #expect(impairment("AMR", size: 13) == nil)
    #expect(impairment("G723", size: 16)?.equipment == 15)
    #expect(impairment("G723", size: 40 / 3)?.equipment == 19)
    #expect(impairment("opus", size: 30) == nil && impairment("opus", size: 120)?.scale == .fullband)
  }

  @Test func `a score is as well founded as the weakest figure in it`() {
    #expect(CodecTable.g729.source(loss: 0) == .published)
    #expect(CodecTable.g729.source(loss: 0.01) == .proxy)
    #expect(impairment("G722")?.source(loss: 0) == .published)
    #expect(impairment("G722")?.source(loss: 0.01) == .assumed)
  }
}
