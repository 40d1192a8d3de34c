/// A capture file that is given piece by piece, so that it need not be anywhere as a whole.
///
/// A class because it stands at a place of its input.
public final class CapturePieces {
  private let next: () -> [UInt8]?
  private var piece: ArraySlice<UInt8> = []

  /// A capture file.
  ///
  /// - Parameter next: gives the next bytes of the file; nil is its end.
  public init(_ next: @escaping () -> [UInt8]?) {
    self.next = next
  }

  /// Fills a buffer with what is left of a piece, or with the next one; 0 at the end.
  func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    while piece.isEmpty {
      guard let following = next() else { return 0 }
      piece = following[...]
    }
    let count = min(piece.count, buffer.count)
    // Safety: the buffer has room for so many bytes.
    unsafe buffer.copyBytes(from: piece.prefix(count))
    piece = piece.dropFirst(count)
    return count
  }
}
