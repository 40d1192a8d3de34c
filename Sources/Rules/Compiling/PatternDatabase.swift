internal import CVectorscan

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// Why the pattern matcher refused a regular expression.
struct PatternFault: Error {
  /// Which of the expressions, from 0; nil when it cannot be told.
  let index: Int?
  /// The matcher's words.
  let message: String

  /// Whether the expression is one of another kind of matcher.
  var isUnsupported: Bool { message.contains("supported") }

  /// The byte of the expression that the message names, or nil.
  var offset: Int? {
    guard let mark = message.range(of: "at index ") else { return nil }
    return Int(message[mark.upperBound...].prefix { $0.isNumber })
  }
}

extension String {
  /// Where a text stands in this one; nil when nowhere.
  fileprivate func range(of other: String) -> Range<String.Index>? { firstRange(of: other) }
}

/// Many regular expressions in one automaton of Vectorscan: all are searched in one linear pass.
///
/// Bytes are matched, not characters: text from the wire need not be valid UTF-8.
@safe final class PatternDatabase: @unchecked Sendable {
  // Proof: a database never changes after it is compiled, and Vectorscan allows any number of
  // threads to scan with one, each with a scratch of its own.
  private let database: OpaquePointer

  /// The longest expression, in bytes.
  static let maximumLength = 4096

  /// Compiles some of the expressions of a group; each reports its place in the group.
  init(_ members: [Int], of patterns: [Pattern]) throws(PatternFault) {
    let expressions = members.map { Array(patterns[$0].text.utf8CString) }
    let flags = members.map { Self.flags(patterns[$0]) }
    let ids = members.map { UInt32(truncatingIfNeeded: $0) }
    var result: OpaquePointer?
    var fault: UnsafeMutablePointer<hs_compile_error_t>?
    let joined = expressions.flatMap { $0 }
    // Safety: Vectorscan reads the expressions during the call only, and `joined` and the pointers into it
    // live that long.
    let status = unsafe joined.withUnsafeBufferPointer { bytes in
      var pointers: [UnsafePointer<CChar>?] = unsafe []
      var offset = 0
      for expression in expressions {
        unsafe pointers.append(bytes.baseAddress.map { unsafe $0 + offset })
        offset += expression.count
      }
      return unsafe hs_compile_multi(
        pointers, flags, ids, UInt32(truncatingIfNeeded: members.count), UInt32(HS_MODE_BLOCK), nil, &result,
        &fault)
    }
    if status == HS_SUCCESS, let result = unsafe result {
      unsafe database = result
      return
    }
    let refused = unsafe Self.take(fault)
    throw PatternFault(
      index: refused.index.flatMap { members.indices.contains($0) ? members[$0] : nil },
      message: refused.message)
  }

  deinit {
    // Safety: nobody else holds the database.
    unsafe hs_free_database(database)
  }

  /// What is wrong with one expression, or nil; a fraction of the cost of compiling it.
  static func fault(of pattern: Pattern) -> PatternFault? {
    guard pattern.text.utf8.count <= maximumLength else {
      return PatternFault(index: 0, message: "the expression is longer than \(maximumLength) bytes")
    }
    var info: UnsafeMutablePointer<hs_expr_info_t>?
    var fault: UnsafeMutablePointer<hs_compile_error_t>?
    // Safety: the string lives during the call; the result is freed by its allocator, malloc.
    let status = unsafe hs_expression_info(pattern.text, flags(pattern), &info, &fault)
    unsafe free(info)
    return status == HS_SUCCESS ? nil : unsafe take(fault)
  }

  /// Which of a group's expressions are compiled together.
  ///
  /// Compiling takes time by the square of the expressions that begin with `^`: 833 of them took 1.4 s together
  /// and 0.5 s in parts, and each further part costs a scan some 20 ns.
  static func parts(of patterns: [Pattern]) -> [[Int]] {
    var (parts, rest): ([[Int]], [Int]) = ([], [])
    for index in patterns.indices {
      guard patterns[index].text.utf8.first == UInt8(ascii: "^") else {
        rest.append(index)
        continue
      }
      if parts.last.map({ $0.count == maximumAnchored }) ?? true { parts.append([]) }
      parts[parts.count - 1].append(index)
    }
    // What is not anchored costs the less the more there is of it in one place.
    if let first = parts.indices.first { parts[first] += rest } else { parts.append(rest) }
    return parts
  }

  /// The most expressions of one part that begin with `^`.
  private static let maximumAnchored = 128

  /// Whether an expression matches the empty text, and so every text.
  static func matchesEmpty(_ pattern: Pattern) -> Bool {
    var info: UnsafeMutablePointer<hs_expr_info_t>?
    var fault: UnsafeMutablePointer<hs_compile_error_t>?
    // Safety: as above.
    guard unsafe hs_expression_info(pattern.text, flags(pattern), &info, &fault) == HS_SUCCESS,
      let info = unsafe info
    else { return false }
    defer { unsafe free(info) }
    return unsafe info.pointee.min_width == 0 && info.pointee.matches_only_at_eod == 0
  }

  /// Each expression reports once a scan, and may match the empty text; `.` matches every byte.
  private static func flags(_ pattern: Pattern) -> UInt32 {
    var flags = UInt32(HS_FLAG_SINGLEMATCH) | UInt32(HS_FLAG_ALLOWEMPTY) | UInt32(HS_FLAG_DOTALL)
    if pattern.isCaseFolded { flags |= UInt32(HS_FLAG_CASELESS) }
    return flags
  }

  private static func take(_ fault: UnsafeMutablePointer<hs_compile_error_t>?) -> PatternFault {
    guard let fault = unsafe fault else {
      return PatternFault(index: nil, message: "the pattern matcher is out of memory")
    }
    defer { unsafe hs_free_compile_error(fault) }
    // Safety: the error and its message are valid until they are freed, at the end of this function.
    let index = Int(unsafe fault.pointee.expression)
    let message = unsafe fault.pointee.message.map { unsafe String(cString: $0) } ?? "unknown fault"
    return PatternFault(index: index >= 0 ? index : nil, message: message)
  }
}

// MARK: - Scanning

/// The working memory of scans; one scan at a time.
@safe final class PatternScratch {
  private let scratch: OpaquePointer?

  /// Room for scans with databases; without memory for it the scans report nothing.
  init(for databases: [PatternDatabase]) {
    var scratch: OpaquePointer?
    // Safety: the scratch is handed to Vectorscan only.
    for database in databases { unsafe database.grow(&scratch) }
    unsafe self.scratch = scratch
  }

  deinit {
    // Safety: nobody else holds the scratch, and freeing nil is allowed.
    unsafe hs_free_scratch(scratch)
  }

  /// Sets a bit for each expression that matches the bytes; bit `n` of the words from `offset` is pattern `n`.
  func scan(
    _ bytes: Span<UInt8>, with database: PatternDatabase, into bits: inout [UInt64], at offset: Int
  ) {
    // Safety: as above.
    unsafe database.scan(bytes, scratch, into: &bits, at: offset)
  }
}

extension PatternDatabase {
  fileprivate func grow(_ scratch: inout OpaquePointer?) {
    // Safety: Vectorscan replaces the scratch by a larger one, or leaves it.
    _ = unsafe hs_alloc_scratch(database, &scratch)
  }

  fileprivate func scan(
    _ bytes: Span<UInt8>, _ scratch: OpaquePointer?, into bits: inout [UInt64], at offset: Int
  ) {
    guard offset < bits.count else { return }
    // Safety: the pointers are used during the call only; the words from `offset` on are as many as the
    // patterns of this database need, so that each identity is inside.
    unsafe bits.withUnsafeMutableBufferPointer { words in
      unsafe bytes.withUnsafeBytes { buffer in
        let text = unsafe buffer.baseAddress?.assumingMemoryBound(to: CChar.self)
        let first = unsafe words.baseAddress.map { unsafe $0 + offset }
        _ = unsafe hs_scan(
          database, text, UInt32(truncatingIfNeeded: buffer.count), 0, scratch,
          { id, _, _, _, context in
            guard let context = unsafe context else { return 0 }
            let words = unsafe context.assumingMemoryBound(to: UInt64.self)
            unsafe words[Int(id >> 6)] |= 1 << UInt64(id & 63)
            return 0
          }, first)
      }
    }
  }
}
