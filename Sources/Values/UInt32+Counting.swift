extension UInt32 {
  /// Adds one, up to the largest number.
  @inlinable
  public mutating func increment() {
    if self < .max { self += 1 }
  }
}
