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
  /// Whether it is scanned as a text in pieces, of which there is one.
  private let isVectored: Bool

  /// The longest expression, in bytes.
  static let maximumLength = 4096

  /// Compiles expressions; each reports its place among them.
  ///
  /// For texts in one block Vectorscan makes one more automaton, for those below 70 bytes. It spares a scan 0.1 µs at
  /// most, and compiling it takes most of the time where there are many expressions: 18 of them took 35 ms in place of 8,
  /// and 833 that begin with `^` 930 in place of 400. For texts in pieces it makes none, and a text may be one piece.
  /// What it refuses for these is compiled for blocks.
  init(_ patterns: [Pattern]) throws(PatternFault) {
    if patterns.count > Self.maximumInBlocks,
      let database = try? unsafe Self.compile(patterns, mode: HS_MODE_VECTORED)
    {
      unsafe self.database = database
      isVectored = true
    } else {
      unsafe database = try Self.compile(patterns, mode: HS_MODE_BLOCK)
      isVectored = false
    }
  }

  /// The most expressions that are compiled for texts in blocks.
  private static let maximumInBlocks = 8

  @unsafe private static func compile(_ patterns: [Pattern], mode: Int32) throws(PatternFault)
    -> OpaquePointer
  {
    let expressions = patterns.map { Array($0.text.utf8CString) }
    let flags = patterns.map(flags)
    let ids = patterns.indices.map { UInt32(truncatingIfNeeded: $0) }
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
        pointers, flags, ids, UInt32(truncatingIfNeeded: patterns.count), UInt32(mode), nil, &result, &fault)
    }
    if status == HS_SUCCESS, let result = unsafe result { return unsafe result }
    let refused = unsafe take(fault)
    throw PatternFault(
      index: refused.index.flatMap { patterns.indices.contains($0) ? $0 : nil }, message: refused.message)
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
        var text = unsafe buffer.baseAddress?.assumingMemoryBound(to: CChar.self)
        var length = UInt32(truncatingIfNeeded: buffer.count)
        let first = unsafe words.baseAddress.map { unsafe $0 + offset }
        let report: match_event_handler = { id, _, _, _, context in
          guard let context = unsafe context else { return 0 }
          let words = unsafe context.assumingMemoryBound(to: UInt64.self)
          unsafe words[Int(id >> 6)] |= 1 << UInt64(id & 63)
          return 0
        }
        if isVectored {
          _ = unsafe hs_scan_vector(database, &text, &length, 1, 0, scratch, report, first)
        } else {
          _ = unsafe hs_scan(database, text, length, 0, scratch, report, first)
        }
      }
    }
  }
}
