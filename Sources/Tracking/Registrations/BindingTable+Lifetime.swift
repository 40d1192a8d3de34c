internal import Packets
internal import Values

/// How bindings come, end and are forgotten.
extension BindingTable {
  /// The next binding whose time is over; it is kept as one that was.
  mutating func popExpired(at time: Timestamp) -> Int? {
    while let number = wheel.popDue(at: time) {
      let record = records[number]
      if record.deadline > time {
        wheel.schedule(number, at: record.deadline)
      } else if record.isActive {
        end(number, at: record.deadline)
        wheel.schedule(number, at: records[number].deadline)
        return number
      } else {
        forget(number)
      }
    }
    return nil
  }

  /// Makes room for a binding and gives it a number.
  mutating func insert(_ aor: UInt64, _ survey: Survey) -> Int {
    if survey.count >= Self.perAddress, let least = survey.least {
      displace(least)
    }
    while records.count >= capacity, let victim = queues.victim { displace(victim) }
    let number = records.insert(RegistrationBinding(origin: PacketOrigin(Packet())))
    index.insert(aor, record: number)
    return number
  }

  /// Ends a binding and remembers its device.
  mutating func end(_ number: Int, at time: Timestamp) {
    if records[number].isActive { activeCount -= 1 }
    records[number].isActive = false
    records[number].deadline = time.advanced(byNanoseconds: Self.memory)
    queues.use(number, level: records[number].level)
  }

  /// Ends all bindings of an address of record.
  mutating func endAll(of aor: UInt64, at time: Timestamp) {
    var numbers: InlineArray<32, Int> = .init(repeating: 0)
    var count = 0
    _ = index.find(aor) { number in
      if records[number].aor == aor, records[number].isActive, count < Self.perAddress {
        numbers[count] = number
        count += 1
      }
      return false
    }
    for place in 0..<count { end(numbers[place], at: time) }
  }

  /// Forgets all bindings.
  mutating func restart() {
    while let number = queues.victim {
      wheel.cancel(number)
      forget(number)
    }
    wheel = TimerWheel()
  }

  private mutating func displace(_ number: Int) {
    if records[number].isActive { evictions &+= 1 }
    wheel.cancel(number)
    forget(number)
  }

  private mutating func forget(_ number: Int) {
    if records[number].isActive { activeCount -= 1 }
    index.remove(records[number].aor, record: number)
    queues.remove(number)
    records.remove(number)
  }
}
