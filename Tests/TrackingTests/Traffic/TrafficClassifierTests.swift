import Testing
import Values

@testable import Tracking

@Suite struct TrafficClassifierTests {
  @Test(arguments: [
    // G.729, G.711, Opus, AMR and 60 ms of G.711, with header and authentication tag.
    (42...42, Int64(20_000)), (182...182, 20_000), (60...172, 20_000), (46...46, 30_000), (102...102, 10_000),
    (502...502, 60_000), (262...262, 40_000),
  ])
  func `packets of one codec at one pace are voice, with and without jitter`(
    sizes: ClosedRange<Int>, interval: Int64
  ) {
    for jitter in [Int64(0), interval / 8] {
      var script = TrafficScript()
      script.addSpeech(200, sizes: sizes, interval: interval, jitter: jitter, toServer: true)
      script.addSpeech(200, sizes: sizes, interval: interval, jitter: jitter, toServer: false, from: 3_700)
      let verdict = script.verdict()
      #expect(verdict.label == .voice && verdict.percent >= 60, "\(sizes) \(interval) \(jitter) \(verdict)")
    }
  }

  @Test func `voice in one direction is less sure than in both`() {
    var script = TrafficScript()
    script.addSpeech(200, sizes: 182...182, interval: 20_000, toServer: true)
    let one = script.verdict()
    script.addSpeech(200, sizes: 182...182, interval: 20_000, toServer: false)
    let both = script.verdict()
    #expect(one.label == .voice && both.label == .voice && one.percent < both.percent)
    #expect(both.percent == 95 && both.confidence == 0.95)
  }

  @Test func `pauses between talk spurts and packets captured twice leave it voice`() {
    var script = TrafficScript()
    for spurt in 0..<10 {
      let start = Int64(spurt) * 3_500_000
      script.addSpeech(30, sizes: 44...44, interval: 20_000, jitter: 2_000, toServer: true, from: start)
      // Comfort noise.
      script.addSpeech(15, sizes: 26...26, interval: 160_000, toServer: true, from: start + 620_000)
    }
    #expect(script.verdict().label == .voice)
    var twice = TrafficScript()
    for offset in [Int64(0), 80] {
      twice.addSpeech(200, sizes: 182...182, interval: 20_000, toServer: true, from: offset)
    }
    #expect(twice.verdict().label == .voice)
  }

  @Test func `bursts of large packets at the rate of pictures are video, beside voice too`() {
    for interval in [Int64(16_667), 33_333, 40_000, 66_667] {
      var script = TrafficScript()
      script.addPictures(120, packets: 2...6, interval: interval, toServer: true)
      script.addSpeech(4, sizes: 80...120, interval: 1_000_000, toServer: false)
      let verdict = script.verdict()
      #expect(verdict.label == .video && 50...75 ~= verdict.percent, "\(interval) \(verdict)")
    }
    var bundle = TrafficScript()
    bundle.addPictures(200, packets: 3...6, interval: 33_333, toServer: true)
    bundle.addSpeech(300, sizes: 60...120, interval: 20_000, toServer: true)
    bundle.addSpeech(300, sizes: 60...120, interval: 20_000, toServer: false)
    #expect(bundle.verdict().label == .video)
  }

  /// REGISTER, challenge, credentials, 200, each minute; twice a call.
  private func signalling() -> TrafficScript {
    var script = TrafficScript()
    for minute in Int64(0)..<6 {
      let start = minute * 60_000_000
      for (index, size) in [480, 520, 760, 590].enumerated() {
        script.add(size, toServer: index % 2 == 0, at: start + Int64(index) * 20_000)
      }
      guard minute % 3 == 0 else { continue }
      let call = [
        (1_050, true), (360, false), (540, false), (980, false), (450, true), (430, true), (420, false),
      ]
      for (index, (size, toServer)) in call.enumerated() {
        script.add(size, toServer: toServer, at: start + 10_000_000 + Int64(index) * 700_000)
      }
    }
    return script
  }

  @Test func `messages in turns are signalling, surely so only where the handshake names SIP`() {
    #expect(signalling().verdict(.stream) == TrafficClassifier.Verdict(label: .signalling, percent: 45))
    #expect(
      signalling().verdict(.stream, isNamedForSIP: true)
        == TrafficClassifier.Verdict(label: .signalling, percent: 90))
  }

  @Test func `a name alone is worth less than a name and messages`() {
    var script = TrafficScript()
    for index in 0..<4 { script.add(40, toServer: index % 2 == 0, at: Int64(index) * 30_000_000) }
    #expect(script.verdict(.stream, isNamedForSIP: true).percent == 60)
    #expect(script.verdict(.stream) == .unknown)
  }

  @Test func `downloads and uploads are unknown`() {
    for carrier in [TrafficMeasure.Carrier.datagrams, .stream] {
      for toServer in [false, true] {
        var script = TrafficScript()
        for round in Int64(0)..<200 {
          for index in Int64(0)..<10 {
            script.add(1_350, toServer: toServer, at: round * 35_000 + index * 120)
          }
          for index in Int64(0)..<5 {
            script.add(38, toServer: !toServer, at: round * 35_000 + 900 + index * 200)
          }
        }
        #expect(script.verdict(carrier) == .unknown)
      }
    }
  }

  @Test func `questions and answers, keep-alives and short flows are unknown`() {
    var names = TrafficScript()
    for query in Int64(0)..<100 {
      let time = query * 400_000 + Int64.random(in: 0...300_000, using: &names.generator)
      names.add(Int.random(in: 30...60, using: &names.generator), toServer: true, at: time)
      names.add(Int.random(in: 60...240, using: &names.generator), toServer: false, at: time + 18_000)
    }
    #expect(names.verdict() == .unknown)
    var keeping = TrafficScript()
    for index in Int64(0)..<200 { keeping.add(4, toServer: index % 2 == 0, at: index * 25_000_000) }
    #expect(keeping.verdict() == .unknown && keeping.verdict(.stream) == .unknown)
    var short = TrafficScript()
    short.addSpeech(20, sizes: 182...182, interval: 20_000, toServer: true)
    #expect(short.verdict() == .unknown)
    #expect(TrafficScript().verdict() == .unknown)
  }

  @Test func `a stream is never taken for media`() {
    var script = TrafficScript()
    script.addSpeech(400, sizes: 182...182, interval: 20_000, toServer: true)
    #expect(script.verdict(.stream) == .unknown)
  }
}
