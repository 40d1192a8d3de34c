internal import Capture
internal import Packets
internal import Synchronization
internal import Values

/// A source that one or several lanes read from in turn: who reads a batch gives it its place in the order.
final class SharedSource<Source: FrameSource & ~Copyable>: Sendable {
  private struct State: ~Copyable {
    var source: Source
    var nextNumber = 0
    var isEnded = false
    /// Live: frames that were thrown away, and whether more of them have to.
    var dropped: UInt64 = 0
    var isCatchingUp = false
    var statistics = CaptureStatistics()
    var lastStatistics = ContinuousClock.now
  }

  private let state: Mutex<State>
  private let stop: StopFlag
  private let isLive: Bool

  init(_ source: consuming sending Source, stop: StopFlag, isLive: Bool) {
    state = Mutex(State(source: source))
    self.stop = stop
    self.isLive = isLive
  }

  /// Fills a batch with the next frames; false when there are no more batches.
  ///
  /// - Parameter isOver: whether nobody wants more.
  func read(_ batch: inout FrameBatch, isOver: Bool) -> Bool {
    state.withLock { state in
      guard !state.isEnded else { return false }
      batch.number = state.nextNumber
      state.nextNumber += 1
      repeat {
        batch.removeAll()
        if isOver || stop.isRaised {
          batch.state = .ended
        } else {
          Self.fill(&batch, &state)
        }
      } while isLive && isLate(batch, &state)
      note(&state, isEnd: batch.state == .ended)
      batch.statistics = state.statistics
      batch.fractionRead = state.source.fractionRead
      state.isEnded = batch.state == .ended
      return true
    }
  }

  /// Reads frames and throws them away, so that the kernel's buffer does not stand still.
  func discard(_ batch: inout FrameBatch, isOver: Bool) {
    state.withLock { state in
      guard !state.isEnded, !isOver, !stop.isRaised else { return }
      batch.removeAll()
      Self.fill(&batch, &state)
      state.dropped += UInt64(batch.frames.count)
    }
  }

  private static func fill(_ batch: inout FrameBatch, _ state: inout State) {
    let start = Timestamp.now
    do throws(CaptureError) {
      // A batch ends where it does on one thread, however slowly a pipe fills it.
      repeat {
        let room = FrameBatch.capacity - batch.frames.count
        batch.state = try state.source.read(upTo: room, visitor: &batch)
      } while batch.state == .waiting && !batch.isFull
    } catch {
      batch.error = error
    }
    // The kernel may hold frames back for as long.
    let quiet = start.advanced(byNanoseconds: -kernelDelay)
    batch.quietUntil = batch.frames.last?.heading.timestamp ?? quiet
  }

  /// Nanoseconds that frames may wait in the kernel until it shows them.
  private static var kernelDelay: Int64 { 150_000_000 }
  /// Nanoseconds that frames may be old before batches are thrown away, and that they are to be then.
  private static var patience: Int64 { 500_000_000 }

  /// Whether the frames are so old that they are thrown away: what comes behind is to be read in its time.
  private func isLate(_ batch: borrowing FrameBatch, _ state: inout State) -> Bool {
    guard batch.error == nil, batch.state != .ended, let first = batch.frames.first else { return false }
    let age = Timestamp.now.nanoseconds(since: first.heading.timestamp)
    state.isCatchingUp = age > (state.isCatchingUp ? Self.kernelDelay : Self.patience)
    if state.isCatchingUp { state.dropped += UInt64(batch.frames.count) }
    return state.isCatchingUp
  }

  /// Asks what was received; of live captures not for each batch, since the kernel is asked for it.
  private func note(_ state: inout State, isEnd: Bool) {
    let now = ContinuousClock.now
    guard isEnd || !isLive || now - state.lastStatistics >= .milliseconds(100) else { return }
    state.lastStatistics = now
    state.statistics = state.source.statistics
    state.statistics.droppedBySensor = state.dropped
  }
}
