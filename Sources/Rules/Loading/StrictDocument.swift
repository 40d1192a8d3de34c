internal import Values

/// One strict YAML file of another kind than rules, with the decoder that reads its values.
package struct StrictDocument {
  /// The file, for the diagnostics.
  package private(set) var sources = SourceFiles()
  /// The top of the document; nil when there is none that can be used.
  package private(set) var root: YAMLNode?
  /// Reads values and collects what is wrong with them.
  package var decoder: NodeDecoder

  /// Reads a file; what is wrong with it is in the decoder's sink.
  package init(path: String, maximumSize: Int = 1 << 20) {
    let start = SourceFile(unreadPath: path)
    decoder = NodeDecoder(file: start)
    do throws(FileProblem) {
      let file = SourceFile(path: path, bytes: try RegularFile.read(path, limit: maximumSize))
      let id = sources.add(file)
      decoder = NodeDecoder(file: file)
      root = StrictYAML().read(id, of: sources, diagnostics: &decoder.sink)
    } catch {
      let id = sources.add(start)
      let place = SourceSpan(file: id, range: ByteRange())
      decoder.sink.report(error.diagnostic(for: path, limit: maximumSize, at: place))
    }
  }

  /// All that is wrong with the file.
  package var report: DiagnosticReport { DiagnosticReport(decoder.sink, sources: sources) }
}
