internal import Capture
internal import Events
internal import Foundation
internal import Packets
internal import Rules

/// The threads of a run: lanes that read and walk frames, and the ordered lane behind them.
///
/// Batches of frames go from the lanes to the ordered lane and come back to be filled again; events go from
/// there to the thread that started all this, which has rules, log and everything that belongs to the caller.
final class LaneCrew: Sendable {
  let events = EventWay()
  private let filled = BatchQueue<FrameBatch>()
  /// One for all lanes, or, live, one for each: none may wait for what another one was given.
  private let empty: [BatchQueue<FrameBatch>]
  /// An entry for each thread that is done.
  private let ended = BatchQueue<Void>()
  private let configuration: SensorConfiguration
  private let lanes: Int

  /// Of a file batches for each lane: one that is filled, one that waits; and some for the ordered lane. Live
  /// there are more, for bursts.
  private static let batchesPerLane = 2
  private static let batchesBeside = 2
  private static let batchesLive = 16

  /// - Parameter lanes: how many lanes; live each reads a capture of its own.
  init(_ configuration: SensorConfiguration, lanes: Int) {
    self.configuration = configuration
    self.lanes = lanes
    let count = configuration.isOffline ? lanes * Self.batchesPerLane + Self.batchesBeside : Self.batchesLive
    empty = (0..<(configuration.isOffline ? 1 : lanes)).map { _ in
      BatchQueue((0..<count).map { _ in FrameBatch() })
    }
  }

  /// Starts all threads; they end by themselves once the sources have ended or are told to stop.
  func start<Source: FrameSource & ~Copyable>(
    _ sources: [SharedSource<Source>], rules: CompiledRuleSet, needs: EventNeeds, mailbox: SensorMailbox?
  ) {
    for lane in 0..<lanes {
      let source = sources[lane % sources.count]
      begin("lane \(lane)") { [self] in runLane(lane, source) }
    }
    begin("ordered lane") { [self] in runOrderedLane(rules, needs, mailbox) }
  }

  /// Waits until all threads are done.
  func join() {
    for _ in 0...lanes { ended.take() }
  }

  private func begin(_ name: String, _ work: @escaping @Sendable () -> Void) {
    let thread = Thread { [ended] in
      work()
      ended.put(())
    }
    thread.name = name
    thread.start()
  }

  // MARK: The lanes

  /// Seconds that a live lane waits for a batch before it throws frames away.
  private static let patience = 0.25

  private func runLane<Source: FrameSource & ~Copyable>(_ lane: Int, _ source: SharedSource<Source>) {
    var decoder = PacketDecoder(
      fragmentLimits: configuration.fragmentLimits, seed: configuration.hashSeed)
    var spare = FrameBatch()
    let empty = empty[lane % empty.count]
    while true {
      let next = configuration.isOffline ? empty.take() : empty.take(within: Self.patience)
      guard var batch = next else {
        source.discard(&spare, isOver: events.isBroken)
        continue
      }
      batch.lane = lane
      guard source.read(&batch, isOver: events.isBroken) else { return empty.put(batch) }
      batch.walk(with: &decoder)
      filled.put(batch)
    }
  }

  // MARK: The ordered lane

  private func runOrderedLane(
    _ rules: CompiledRuleSet, _ needs: EventNeeds, _ mailbox: SensorMailbox?
  ) {
    let sender = EventSender(events, headerSlots: rules.headerNames.names.count)
    let outlet = EventOutlet(needs, sender: sender)
    var lane = OrderedLane(rules: rules, configuration: configuration, mailbox: mailbox, outlet: outlet)
    configuration.isOffline ? readInOrder(&lane) : readMerged(&lane)
  }

  /// Reads batches by their numbers; those that come before their turn wait.
  private func readInOrder(_ lane: inout OrderedLane) {
    var waiting: [FrameBatch] = []
    var number = 0
    while true {
      var batch = next(number, &waiting)
      number += 1
      let (state, statistics) = (batch.state, batch.statistics)
      lane.stage.visit(&batch)
      lane.endBatch(batch, state, statistics)
      empty[0].put(batch)
      guard state == .ended else { continue }
      return lane.finish(statistics)
    }
  }

  private func next(_ number: Int, _ waiting: inout [FrameBatch]) -> FrameBatch {
    if let index = waiting.firstIndex(where: { $0.number == number }) {
      return waiting.remove(at: index)
    }
    while true {
      let batch = filled.take()
      guard batch.number != number else { return batch }
      waiting.append(batch)
    }
  }

  /// Reads what several captures give by the times of the frames.
  private func readMerged(_ lane: inout OrderedLane) {
    var merge = LaneMerge(lanes: lanes)
    while !merge.isEnded {
      merge.add(filled.take())
      repeat {
        while let batch = merge.takeRead() {
          lane.stage.note(batch)
          lane.endBatch(batch, merge.isIdle ? batch.state : .more, merge.total)
          empty[batch.lane % empty.count].put(batch)
        }
      } while merge.read { lane.stage.visit($1, of: &$0) }
    }
    lane.finish(merge.total)
  }
}

extension OrderedLane {
  /// Does what is done behind a batch.
  fileprivate mutating func endBatch(
    _ batch: borrowing FrameBatch, _ state: FrameSourceState, _ statistics: CaptureStatistics
  ) {
    if let error = batch.error { note(error) }
    endBatch(state, statistics)
    stage.packets.messages.events.setProgress(batch.fractionRead)
  }
}
