/// The rows of the last 24 hours of all entities in the order of time, each pointing to its entity's one
/// before, so that what is overwritten never hides what is still there.
///
/// Most entities have few rows a day, so that this is far smaller than 24 places an entity. Rows have
/// numbers that never repeat; those that are over are overwritten. When the limit is reached, the oldest
/// rows go first, whoever they belong to.
struct DayRows: Sendable {
  /// Where in a row's figures the quantities begin, what was expected of them, and denominators of the shares.
  static let values = 0
  static let expected = values + ScoredFeature.quantities
  static let trials = expected + ScoredFeature.quantities
  /// Vectors of eight figures in a row.
  static let width = (trials + ScoredFeature.shares + 7) / 8
  private static let initialCapacity = 1024

  struct Link: Sendable {
    var hour: Int32
    /// How many rows earlier the entity's row before is; 0 without one.
    var step: UInt32 = 0
  }

  let limit: Int
  var figures: [SIMD8<Float>] = []
  var links: [Link] = []
  /// The number of the oldest row that is still there, and of the next one.
  var oldest: Int64 = 0
  var next: Int64 = 0
  /// Rows that were younger than a day when they were overwritten.
  var evictions: UInt64 = 0

  init(limit: Int) { self.limit = max(limit, Self.initialCapacity) }

  /// Bytes of all of it.
  var byteCount: Int {
    figures.count * MemoryLayout<SIMD8<Float>>.stride + links.count * MemoryLayout<Link>.stride
  }

  /// Where the figures of a row begin; nil when it is gone.
  func base(of number: Int64) -> Int? {
    guard number >= oldest, number < next else { return nil }
    return Int(number % Int64(links.count)) * Self.width
  }

  /// The hour of a row that is there.
  func link(of number: Int64) -> Link { links[Int(number % Int64(links.count))] }

  /// The number of the entity's row before one; −1 without any.
  func predecessor(of number: Int64) -> Int64 {
    let step = link(of: number).step
    return step == 0 ? -1 : number - Int64(step)
  }

  /// A new row of an hour after the entity's newest one (−1 without any); its number.
  mutating func append(hour: Int, after tail: Int64) -> Int64 {
    while oldest < next, link(of: oldest).hour <= Int32(hour - 24) { oldest += 1 }
    if next - oldest == Int64(links.count) { makeRoom() }
    let number = next
    next += 1
    let step = tail >= oldest ? UInt32(exactly: number - tail) ?? 0 : 0
    links[Int(number % Int64(links.count))] = Link(hour: Int32(hour), step: step)
    return number
  }

  /// Takes memory for a number of rows at once.
  mutating func reserve(_ count: Int) {
    let capacity = min(max(count, Self.initialCapacity), limit)
    if capacity > links.count { resize(to: capacity) }
  }

  private mutating func makeRoom() {
    let capacity = min(max(links.count + links.count / 4, Self.initialCapacity), limit)
    guard capacity > links.count else {
      oldest += 1
      evictions += 1
      return
    }
    resize(to: capacity)
  }

  /// Gives every row its place in another capacity.
  mutating func resize(to capacity: Int) {
    var newFigures = [SIMD8<Float>](repeating: .zero, count: capacity * Self.width)
    var newLinks = [Link](repeating: Link(hour: 0), count: capacity)
    for number in oldest..<next {
      let (source, target) = (Int(number % Int64(links.count)), Int(number % Int64(capacity)))
      newLinks[target] = links[source]
      for offset in 0..<Self.width {
        newFigures[target * Self.width + offset] = figures[source * Self.width + offset]
      }
    }
    (figures, links) = (newFigures, newLinks)
  }
}
