import Testing
import Values

@Suite struct PriorityQueuesTests {
  @Test func `few records are given up in the exact order of use`() {
    var queues = PriorityQueues()
    for record in 0..<7 { queues.touch(record, level: 0) }
    for record in [0, 3, 1] { queues.touch(record, level: 0) }
    var order: [Int] = []
    while let victim = queues.victim {
      order.append(victim)
      queues.remove(victim)
    }
    #expect(order == [2, 4, 5, 6, 0, 3, 1])
  }

  @Test func `what is given up was silent while seven eighths of its class were used`() throws {
    let seed: UInt64 = 0x5eed
    var random = RandomSource(seed: seed)
    var queues = PriorityQueues()
    var lastUse: [Int: Int] = [:]
    var levels: [Int: Int] = [:]
    for step in 0..<20_000 {
      let record = Int(random.next() % 300)
      let level = record % 5 == 0 ? 1 : 0
      queues.touch(record, level: level)
      (lastUse[record], levels[record]) = (step, level)
      guard step % 3 == 0 else { continue }
      let victim = try #require(queues.victim)
      let level0 = levels.filter { $0.value == 0 }
      #expect(levels[victim] == (level0.isEmpty ? 1 : 0))
      let others = levels.filter { $0.value == levels[victim] && $0.key != victim }
      let since = others.filter { (lastUse[$0.key] ?? 0) > (lastUse[victim] ?? 0) }
      #expect(since.count >= others.count - (others.count + 1) / 8, "seed \(seed), step \(step)")
      guard step % 9 == 0 else { continue }
      queues.remove(victim)
      levels[victim] = nil
    }
  }

  @Test func `another class puts a record at its end at once`() {
    var queues = PriorityQueues()
    for record in 0..<100 { queues.touch(record, level: 0) }
    queues.touch(99, level: 1)
    queues.touch(0, level: 1)
    for record in 1..<99 { queues.remove(record) }
    #expect(queues.victim == 99)
  }
}
