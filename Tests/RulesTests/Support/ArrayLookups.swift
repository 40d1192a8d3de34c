import Values

@testable import Rules

// The expectation macros take no spans.

extension RuleList {
  func match(_ text: [UInt8], at time: Timestamp) -> ListEntryID? { match(text.span, at: time) }
}

extension TextSet {
  func match(_ text: [UInt8], at time: Timestamp) -> ListEntryID? { match(text.span, at: time) }
}

extension GlobPattern {
  func matches(_ text: [UInt8], foldsCase: Bool) -> Bool { matches(text.span, foldsCase: foldsCase) }
}

extension ListLine {
  func unescaped(_ text: [UInt8]) -> String { String(decoding: unescaped(text.span), as: UTF8.self) }
}
