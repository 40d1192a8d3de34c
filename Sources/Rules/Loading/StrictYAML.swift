internal import Values

/// Reads one YAML document without YAML's guessing: RULES.md section 2.
///
/// Anchors, aliases, merge keys, tags, directives, duplicate keys and further documents are errors; a
/// scalar is the text that stands there.
public struct StrictYAML: Sendable {
  /// Nesting that is deeper is an error; at least 1.
  public var maximumDepth = 64
  /// More values in one file are an error.
  public var maximumNodes = 500_000
  /// A longer line is an error, in bytes.
  public var maximumLineLength = 65_536

  /// A reader with the default limits.
  public init() {}

  /// The document in a file, or nil after an error that leaves nothing to work with.
  ///
  /// Faults that touch one value only are reported and leave a value with `isFaulty` behind.
  public func read(
    _ id: SourceFileID, of sources: SourceFiles, diagnostics: inout DiagnosticSink
  ) -> YAMLNode? {
    let bytes = sources[id].bytes
    let check = YAMLTextCheck(maximumLineLength: maximumLineLength)
    if let fault = check.firstFault(in: bytes.span) {
      let range = ByteRange(fault.range.lowerBound, fault.range.upperBound)
      diagnostics.error(
        fault.code, at: SourceSpan(file: id, range: range), fault.message, help: fault.help)
      return nil
    }
    guard let parser = YAMLEventParser(bytes) else {
      diagnostics.error(
        .yamlSyntax, at: SourceSpan(file: id, range: ByteRange()), "no memory for the YAML reader")
      return nil
    }
    var composer = YAMLComposer(parser, file: id, source: sources[id], limits: self)
    let document = composer.document()
    for diagnostic in composer.sink.diagnostics { diagnostics.report(diagnostic) }
    return document
  }
}
