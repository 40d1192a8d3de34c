internal import CYAML

/// One event of libyaml, as plain Swift values; offsets count characters, as libyaml does.
struct YAMLEvent {
  enum Kind {
    case streamStart, streamEnd
    case documentStart(hasDirectives: Bool), documentEnd
    case alias
    case scalar(String, YAMLScalar.Style)
    case sequenceStart, sequenceEnd
    case mappingStart, mappingEnd
  }

  let kind: Kind
  let start: Int
  let end: Int
}

/// What libyaml says when it gives up.
struct YAMLParserError: Error {
  let problem: String
  let offset: Int
  /// What it was doing, and since where.
  let context: String
  let contextOffset: Int
}

/// Pulls events out of libyaml; owns the parser and the bytes that it reads.
@safe struct YAMLEventParser: ~Copyable {
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let input: UnsafeMutableBufferPointer<UInt8>

  /// A parser over a copy of the bytes, or nil when there is no memory for it.
  init?(_ bytes: [UInt8]) {
    // Safety: both allocations live until deinit, and nobody else has the pointers. The input is
    // initialised before libyaml sees it; libyaml never writes to it.
    unsafe parser = .allocate(capacity: 1)
    unsafe parser.initialize(to: yaml_parser_t())
    unsafe input = .allocate(capacity: max(bytes.count, 1))
    _ = unsafe input.initialize(from: bytes)
    let isReady = unsafe yaml_parser_initialize(parser) == 1
    guard isReady else { return nil }
    unsafe yaml_parser_set_input_string(parser, input.baseAddress, bytes.count)
    unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
  }

  deinit {
    // Safety: both were allocated in init and are released once; deleting a zeroed parser is allowed.
    unsafe yaml_parser_delete(parser)
    unsafe parser.deallocate()
    unsafe input.deallocate()
  }

  /// The next event; after the end of the stream there is none to ask for.
  mutating func next() throws(YAMLParserError) -> YAMLEvent {
    var event = unsafe yaml_event_t()
    // Safety: the parser is initialised; the event is deleted below after its content was copied out.
    guard unsafe yaml_parser_parse(parser, &event) == 1 else { throw failure() }
    let result = unsafe YAMLEvent(
      kind: Self.kind(of: event), start: Int(event.start_mark.index), end: Int(event.end_mark.index))
    unsafe yaml_event_delete(&event)
    return result
  }

  private static func kind(of event: yaml_event_t) -> YAMLEvent.Kind {
    // Safety: libyaml sets the union member that belongs to the event's type.
    switch unsafe event.type {
    case YAML_STREAM_START_EVENT: return .streamStart
    case YAML_DOCUMENT_START_EVENT:
      let start = unsafe event.data.document_start
      let tags = unsafe start.tag_directives
      let hasTags = unsafe tags.start != tags.end
      return .documentStart(hasDirectives: unsafe start.version_directive != nil || hasTags)
    case YAML_DOCUMENT_END_EVENT: return .documentEnd
    case YAML_ALIAS_EVENT: return .alias
    case YAML_SCALAR_EVENT: return unsafe scalar(event.data.scalar)
    case YAML_SEQUENCE_START_EVENT: return .sequenceStart
    case YAML_SEQUENCE_END_EVENT: return .sequenceEnd
    case YAML_MAPPING_START_EVENT: return .mappingStart
    case YAML_MAPPING_END_EVENT: return .mappingEnd
    default: return .streamEnd
    }
  }

  private static func scalar(_ scalar: yaml_event_t.__Unnamed_union_data.__Unnamed_struct_scalar)
    -> YAMLEvent.Kind
  {
    // Safety: `value` points at `length` bytes that libyaml owns until the event is deleted.
    let text = unsafe String(
      decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
    switch unsafe scalar.style {
    case YAML_SINGLE_QUOTED_SCALAR_STYLE: return .scalar(text, .singleQuoted)
    case YAML_DOUBLE_QUOTED_SCALAR_STYLE: return .scalar(text, .doubleQuoted)
    case YAML_LITERAL_SCALAR_STYLE: return .scalar(text, .literal)
    case YAML_FOLDED_SCALAR_STYLE: return .scalar(text, .folded)
    default: return .scalar(text, .plain)
    }
  }

  private func failure() -> YAMLParserError {
    // Safety: problem and context are null or point at static strings of libyaml.
    let problem = unsafe parser.pointee.problem.map { unsafe String(cString: $0) }
    let context = unsafe parser.pointee.context.map { unsafe String(cString: $0) }
    let isMemory = unsafe parser.pointee.error == YAML_MEMORY_ERROR
    return YAMLParserError(
      problem: isMemory ? "out of memory" : problem ?? "unreadable YAML",
      offset: Int(unsafe parser.pointee.problem_mark.index), context: context ?? "",
      contextOffset: Int(unsafe parser.pointee.context_mark.index))
  }
}
