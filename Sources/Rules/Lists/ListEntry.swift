/// Which entry of a list matched.
public struct ListEntryID: Hashable, Sendable {
  /// Position of the entry in the order of loading: items first, then the lines of the file.
  public let number: UInt32
}

/// When an entry ends, for entries that do not: later than every packet.
let neverExpires = Int64.max

/// The notes of the entries that have one.
struct ListNotes: Sendable {
  private var numbers: [UInt32] = []
  private var texts: [String] = []

  /// Takes the note of an entry; entries come in order.
  mutating func append(_ note: String, of number: UInt32) {
    numbers.append(number)
    texts.append(note)
  }

  /// The note of an entry, or nil.
  subscript(number: UInt32) -> String? {
    var low = 0
    var high = numbers.count
    while low < high {
      let middle = (low + high) / 2
      if numbers[middle] < number { low = middle + 1 } else { high = middle }
    }
    return low < numbers.count && numbers[low] == number ? texts[low] : nil
  }
}
