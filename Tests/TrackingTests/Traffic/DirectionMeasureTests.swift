import Testing
import Values

@testable import Tracking

@Suite struct DirectionMeasureTests {
  @Test func `means and deviations are those of the definition`() {
    let seed: UInt64 = 0x51de
    print("measures of 50 flows from seed \(seed)")
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<50 {
      var measure = DirectionMeasure()
      var sizes: [Double] = []
      var intervals: [Double] = []
      var time: Int64 = 0
      for number in 0..<Int.random(in: 2...400, using: &generator) {
        let interval = number == 0 ? 0 : Int64.random(in: 0...1_999_999, using: &generator)
        let size = Int.random(in: 0...1_400, using: &generator)
        time += interval
        measure.add(byteCount: size, at: Timestamp(nanoseconds: time * 1_000))
        sizes.append(Double(size))
        if number > 0 { intervals.append(Double(interval)) }
      }
      #expect(abs(Double(measure.meanSize) - Self.mean(sizes)) <= 1, "seed \(seed)")
      #expect(abs(Double(measure.sizeDeviation) - Self.deviation(sizes)) <= 1, "seed \(seed)")
      #expect(abs(Double(measure.meanInterval ?? 0) - Self.mean(intervals)) <= 1, "seed \(seed)")
      #expect(abs(Double(measure.intervalDeviation) - Self.deviation(intervals)) <= 1, "seed \(seed)")
    }
  }

  private static func mean(_ values: [Double]) -> Double {
    values.reduce(0, +) / Double(max(1, values.count))
  }

  private static func deviation(_ values: [Double]) -> Double {
    let mean = mean(values)
    return (values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(max(1, values.count))).squareRoot()
  }

  @Test func `two seconds of silence are a pause, and what is constant has no deviation`() {
    var measure = DirectionMeasure()
    for second in [0, 1, 3, 4, 7] as [Int64] {
      measure.add(byteCount: 200, at: Timestamp(seconds: second, nanoseconds: 0))
    }
    #expect(measure.pauses == 2 && measure.intervals == 2)
    #expect(measure.meanInterval == 1_000_000 && measure.intervalDeviation == 0)
    #expect(measure.meanSize == 200 && measure.sizeDeviation == 0)
  }

  @Test func `any sizes and times are taken without harm, to the last packet that is counted`() {
    var measure = TrafficMeasure(carrier: .datagrams)
    let times: [Int64] = [0, .max, .min, -1, 1, 1_999_999_000, .max - 1]
    for (index, time) in times.enumerated() {
      for size in [0, -1, .max, .min, 65_535] {
        measure.add(byteCount: size, toServer: index % 2 == 0, at: Timestamp(nanoseconds: time))
      }
    }
    _ = TrafficClassifier.classify(measure)

    var largest = DirectionMeasure()
    for packet in Int64(0)..<(1 << 22) + 3 {
      largest.add(byteCount: 65_535, at: Timestamp(nanoseconds: packet * 1_999_999_000))
    }
    #expect(largest.packets == 1 << 22)
    #expect(largest.meanSize == 65_535 && largest.sizeDeviation == 0)
    #expect(largest.meanInterval == 1_999_999 && largest.intervalDeviation == 0)
  }
}
