/// Ends a test whose subject has another shape than it must have.
struct Unexpected: Error {
  let message: String

  init(_ message: String) {
    self.message = message
  }
}
