public import Values

extension EVEWriter {
  /// Writes one `stats` line.
  ///
  /// - Parameter counters: dotted names with values; names that share a prefix stand together.
  public mutating func writeStats(at timestamp: Timestamp, _ counters: [(name: String, value: UInt64)]) {
    line.append("{\"timestamp\":")
    timestampText.append(timestamp, to: &line)
    line.append(",\"event_type\":\"stats\",\"stats\":")
    let split = counters.map { ($0.name.split(separator: ".").map(String.init), $0.value) }
    write(split[...], depth: 0)
    close()
  }

  private mutating func write(_ counters: ArraySlice<([String], UInt64)>, depth: Int) {
    line.append(UInt8(ascii: "{"))
    var rest = counters
    while let (path, value) = rest.first {
      if rest.startIndex > counters.startIndex { line.append(UInt8(ascii: ",")) }
      line.append(UInt8(ascii: "\""))
      line.append(Array(path[depth].utf8).span)
      line.append("\":")
      if path.count == depth + 1 {
        line.append(unsigned: value)
        rest = rest.dropFirst()
      } else {
        let inner = rest.prefix { $0.0.count > depth + 1 && $0.0[depth] == path[depth] }
        write(inner, depth: depth + 1)
        rest = rest.dropFirst(inner.count)
      }
    }
    line.append(UInt8(ascii: "}"))
  }
}
