internal import Events
internal import Values

/// What stands between the values of a line: for each field its key, and for each two objects the braces and
/// keys on the way from one to the other.
///
/// It is the layout, put together once so that a line is written by copying pieces of one string of bytes.
struct EVEPath: Sendable {
  /// How one field prints.
  struct Place: Sendable {
    /// The object that it stands in; 0 is the line itself.
    var object = 0
    /// `,"key":` in `text`.
    var key = ByteRange()
    /// `"member":` in `text`, for `objects`.
    var member = ByteRange()
    /// Which of `members`, for `records`.
    var members = ByteRange()
    var style = EVELayout.Style.plain
    /// Whether its texts are never cut.
    var isOwnText = false
  }

  /// The way from one object to another.
  struct Step: Sendable {
    /// Braces that close, and keys with braces that open, in `text`.
    var text = ByteRange()
    /// Whether the next member is the first one of its object.
    var opens = false
  }

  /// By the raw value of the field.
  let places: [Place]
  /// The fields that are ever written, as words of 64 bits.
  let shown: [UInt64]
  /// `"member":` in `text` of the members of records.
  let members: [ByteRange]
  /// All pieces, one after the other.
  let text: [UInt8]
  private let steps: [Step]
  private let objectCount: Int

  /// The ways through a layout.
  init(_ layout: EVELayout) {
    var text = layout.text
    var shown = [UInt64](repeating: 0, count: Event.presenceWords)
    places = layout.places.enumerated().map { field, place in
      if place.style != .hidden { shown[field >> 6] |= 1 << UInt64(field & 63) }
      let start = text.count
      text.append(UInt8(ascii: ","))
      text += layout.text[place.key.range]
      let key = ByteRange(start, text.count)
      return Place(
        object: place.object, key: key, member: place.member, members: place.members, style: place.style,
        isOwnText: place.isOwnText)
    }
    var steps: [Step] = []
    for from in layout.objects.indices {
      for to in layout.objects.indices {
        let start = text.count
        let opens = Self.appendStep(from: from, to: to, of: layout, &text)
        steps.append(Step(text: ByteRange(start, text.count), opens: opens))
      }
    }
    (self.steps, self.shown, self.text) = (steps, shown, text)
    members = layout.members
    objectCount = layout.objects.count
  }

  /// The way from one object that has a member to another.
  @inline(__always)
  func step(from object: Int, to other: Int) -> Step { steps[object &* objectCount &+ other] }

  /// Closes and opens objects on the way; says whether one was opened.
  private static func appendStep(
    from object: Int, to target: Int, of layout: EVELayout, _ text: inout [UInt8]
  ) -> Bool {
    var open = object
    var opened: [Int] = []
    var ancestor = target
    while open != ancestor {
      if layout.objects[open].depth >= layout.objects[ancestor].depth {
        text.append(UInt8(ascii: "}"))
        open = layout.objects[open].parent
      } else {
        opened.append(ancestor)
        ancestor = layout.objects[ancestor].parent
      }
    }
    for (index, entered) in opened.reversed().enumerated() {
      if index == 0 { text.append(UInt8(ascii: ",")) }
      text += layout.text[layout.objects[entered].key.range]
      text.append(UInt8(ascii: "{"))
    }
    return !opened.isEmpty
  }
}
