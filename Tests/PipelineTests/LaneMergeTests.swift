import Capture
import Foundation
import Output
import Packets
@testable import Pipeline
import Rules
import TestCaptures
import Testing
import Values

/// What several captures give becomes one line of frames.
@Suite struct LaneMergeTests {
  /// A batch of a lane with frames of some times.
  private func batch(_ lane: Int, _ times: [Int64], quiet: Int64? = nil) -> FrameBatch {
    var batch = FrameBatch()
    batch.lane = lane
    batch.state = times.isEmpty ? .idle : .more
    let bytes: [UInt8] = [UInt8(lane)]
    for time in times {
      batch.visit(
        bytes.span,
        FrameHeader(
          timestamp: Timestamp(nanoseconds: time), number: 0, originalLength: 1, linkType: .ethernet))
    }
    var decoder = PacketDecoder()
    batch.walk(with: &decoder)
    batch.quietUntil = Timestamp(nanoseconds: quiet ?? times.last ?? .min)
    return batch
  }

  /// Everything that may be read.
  private func drain(_ merge: inout LaneMerge) -> [(time: Int64, number: UInt64)] {
    var frames: [(Int64, UInt64)] = []
    repeat {
      while merge.takeRead() != nil {}
    } while merge.read { batch, index in
      let heading = batch.frames[index].heading
      frames.append((heading.timestamp.nanoseconds, heading.number))
    }
    return frames
  }

  @Test func `frames of two lanes come in the order of their times`() {
    var merge = LaneMerge(lanes: 2)
    merge.add(batch(0, [10, 20, 30]))
    merge.add(batch(1, [15, 25, 35]))
    let frames = drain(&merge)
    #expect(frames.map(\.time) == [10, 15, 20, 25, 30])
    #expect(frames.map(\.number) == [1, 2, 3, 4, 5])
    merge.add(batch(0, [], quiet: 40))
    #expect(drain(&merge).map(\.time) == [35])
  }

  @Test func `a lane that may still have an older frame holds the others back`() {
    var merge = LaneMerge(lanes: 2)
    merge.add(batch(0, [10, 20]))
    #expect(drain(&merge).isEmpty)
    merge.add(batch(1, [], quiet: 15))
    #expect(drain(&merge).map(\.time) == [10])
    #expect(!merge.isIdle)
    merge.add(batch(1, [18]))
    #expect(drain(&merge).map(\.time) == [18])
    merge.add(batch(1, [], quiet: 30))
    #expect(drain(&merge).map(\.time) == [20])
  }

  @Test func `a lane that has ended holds nobody back`() {
    var merge = LaneMerge(lanes: 3)
    var last = batch(1, [12])
    last.state = .ended
    merge.add(last)
    merge.add(batch(0, [10, 20]))
    var none = batch(2, [])
    none.state = .ended
    merge.add(none)
    #expect(drain(&merge).map(\.time) == [10, 12, 20])
    #expect(!merge.isEnded)
    var end = batch(0, [])
    end.state = .ended
    merge.add(end)
    #expect(drain(&merge).isEmpty)
    #expect(merge.isEnded)
  }

  @Test func `every frame of random batches comes once and in order`() {
    let seed: UInt64 = 0x6d65_7267_6500_0003
    print("merge: seed \(seed)")
    var random = SplitMix(state: seed)
    var merge = LaneMerge(lanes: 4)
    var clocks = [Int64](repeating: 0, count: 4)
    var given: [Int64] = []
    var read: [Int64] = []
    for _ in 0..<2000 {
      let lane = Int(random.next() % 4)
      var times: [Int64] = []
      for _ in 0..<random.next() % 6 {
        clocks[lane] += Int64(random.next() % 50)
        times.append(clocks[lane])
      }
      given += times
      merge.add(batch(lane, times, quiet: clocks[lane]))
      read += drain(&merge).map(\.time)
    }
    for lane in 0..<4 {
      var end = batch(lane, [])
      end.state = .ended
      merge.add(end)
      read += drain(&merge).map(\.time)
    }
    #expect(read == given.sorted())
    #expect(merge.isEnded)
  }

  @Test func `live frames that are too old are thrown away and counted`() throws {
    var configuration = SensorConfiguration()
    configuration.isOffline = false
    configuration.inputNames = ["eth9"]
    let run = SensorRun(
      inLanes: BelatedSource(oldBatches: 3), rules: .none, configuration: configuration)
    #expect(run.report["capture.sensor_drops"] == 30)
    #expect(run.report["decoder.pkts"] == 10)
    #expect(run.report["sip.requests"] == 10)
    let losses = try run.objects(of: "anomaly").map { try $0.object("anomaly")["event"] as? String }
    #expect(losses.contains("capture.packets_lost"))
  }
}

/// Batches of ten frames, the first of which waited for five seconds.
private struct BelatedSource: FrameSource {
  private var oldBatches: Int
  private var isEnded = false
  private var number: UInt64 = 0

  let inputNames = ["eth9"]
  let fractionRead: Double? = nil
  let statistics = CaptureStatistics()

  init(oldBatches: Int) {
    self.oldBatches = oldBatches
  }

  mutating func read<V: FrameVisitor & ~Copyable>(
    upTo limit: Int, visitor: inout V
  ) throws(CaptureError) -> FrameSourceState {
    guard !isEnded else { return .ended }
    isEnded = oldBatches == 0
    let age: Int64 = oldBatches > 0 ? -5_000_000_000 : 0
    oldBatches -= 1
    for _ in 0..<10 { give(at: Timestamp.now.advanced(byNanoseconds: age), &visitor) }
    return .more
  }

  private mutating func give<V: FrameVisitor & ~Copyable>(at time: Timestamp, _ visitor: inout V) {
    number += 1
    let message = SIPText.request("OPTIONS", callID: "c\(number)", branch: "z9hG4bK\(number)")
    let frame = CaptureBytes.frame(
      message.bytes, from: CaptureBytes.Endpoint(192, 0, 2, 20), to: CaptureBytes.Endpoint(192, 0, 2, 10))
    visitor.visit(
      frame.span,
      FrameHeader(timestamp: time, number: number, originalLength: frame.count, linkType: .ethernet))
  }
}
