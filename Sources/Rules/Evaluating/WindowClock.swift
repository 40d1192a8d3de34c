/// How a window moves.
public enum WindowMotion: String, CaseIterable, Sendable {
  /// The last `within` before each match.
  case sliding
  /// Stretches of `within`, one after the other, counted from 1970-01-01 in UTC.
  case tumbling
  /// From a match on for as long as the next one of the key comes sooner than `within`.
  case session
}

/// The window of a key as far as it has come.
struct WindowSpan: Sendable, Equatable {
  /// First instant, in nanoseconds, of a tumbling window or a session; unused where windows slide.
  var start: Int64 = .min
  /// The newest time of the key.
  var newest: Int64 = .min
}

/// Says which matches of a key are in one window.
struct WindowClock: Sendable {
  /// What a match does to the window of its key.
  enum Admission {
    /// It belongs to an earlier window.
    case late
    case inside
    /// It begins another window: what the one before held is over.
    case fresh
  }

  let motion: WindowMotion
  /// Nanoseconds.
  let length: Int64
  /// Times are told apart by so many nanoseconds; 0 tells none of a window apart.
  let granule: Int64

  /// Takes a match into account.
  func admit(_ time: Int64, _ span: inout WindowSpan) -> Admission {
    guard span.newest != .min else {
      span = WindowSpan(start: motion == .tumbling ? Self.floor(time, length) : time, newest: time)
      return .fresh
    }
    let admission =
      switch motion {
      case .sliding: mark(time) > bound(span) ? Admission.inside : .late
      case .tumbling: tumble(time, &span)
      case .session: prolong(time, &span)
      }
    if admission != .late { span.newest = max(span.newest, time) }
    return admission
  }

  private func tumble(_ time: Int64, _ span: inout WindowSpan) -> Admission {
    let start = Self.floor(time, length)
    guard start > span.start else { return start == span.start ? .inside : .late }
    span.start = start
    return .fresh
  }

  private func prolong(_ time: Int64, _ span: inout WindowSpan) -> Admission {
    guard time < span.newest.saturatingAdd(length) else {
      span.start = time
      return .fresh
    }
    guard time > span.start.saturatingSubtract(length) else { return .late }
    span.start = min(span.start, time)
    return .inside
  }

  /// What is marked with this time or an earlier one is out of the window.
  func bound(_ span: WindowSpan) -> Int64 {
    guard motion == .sliding, span.newest != .min else { return .min }
    return mark(span.newest).saturatingSubtract(length)
  }

  /// The time under which a match is kept.
  func mark(_ time: Int64) -> Int64 {
    switch granule {
    case 0: 0
    case 1: time
    default: Self.floor(time, granule)
    }
  }

  /// The window of a key is after this instant; one that does not slide begins with it.
  func start(_ span: WindowSpan) -> Int64 {
    motion == .sliding ? bound(span).saturatingAdd(max(granule, 1) - 1) : span.start
  }

  /// The largest multiple of a step that is not above a time.
  private static func floor(_ time: Int64, _ step: Int64) -> Int64 {
    let remainder = time % step
    return time.saturatingSubtract(remainder < 0 ? remainder + step : remainder)
  }
}
