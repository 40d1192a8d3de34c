internal import Events
internal import Values

/// Where each field stands in the JSON of a line: the tree that the dotted names of the catalogue spell.
///
/// All of it is plain numbers and one string of bytes, so that writing a line touches no reference count.
struct EVELayout: Sendable {
  /// How a value prints.
  enum Style: UInt8, Sendable {
    case plain
    case quotedNumber
    /// Each item of a list is an object with one member.
    case objects
    /// A list holds names and values in turn and prints as one object.
    case map
    /// A list holds the members of objects in turn.
    case records
    case hidden
  }

  /// How one field prints.
  struct Place: Sendable {
    /// The object that it stands in; 0 is the line itself.
    var object = 0
    /// `"key":` in `text`.
    var key = ByteRange()
    var style = Style.plain
    /// Whether its texts are never cut.
    var isOwnText = false
    /// `"member":` in `text`, for `objects`.
    var member = ByteRange()
    /// Which of `members`, for `records`.
    var members = ByteRange()
  }

  /// One JSON object below the line.
  struct Object: Sendable {
    var parent = 0
    var depth = 0
    /// `"key":` in `text`.
    var key = ByteRange()
  }

  /// By the raw value of the field.
  private(set) var places: [Place] = []
  private(set) var objects: [Object] = [Object()]
  /// `"member":` in `text` of the members of records.
  private(set) var members: [ByteRange] = []
  /// All keys, one after the other.
  private(set) var text: [UInt8] = []

  /// The layout of the whole catalogue.
  init() {
    var known: [String: Int] = [:]
    for row in FieldCatalog.all {
      var path = row.name.split(separator: ".").map(String.init)
      var place = Place()
      place.isOwnText = row.isOwnText
      switch row.format {
      case .plain, .logOnly: place.style = row.type.isMap ? .map : .plain
      case .quotedNumber: place.style = .quotedNumber
      case .hidden: place.style = .hidden
      case .objects(let member):
        place.style = .objects
        place.member = key(member)
        path.removeLast()
      case .records(let members):
        place.style = .records
        let first = self.members.count
        for member in members { self.members.append(key(member)) }
        place.members = ByteRange(first, self.members.count)
      }
      place.key = key(path.removeLast())
      for count in path.indices {
        let name = path[...count].joined(separator: ".")
        if let object = known[name] {
          place.object = object
        } else {
          objects.append(Object(parent: place.object, depth: count + 1, key: key(path[count])))
          place.object = objects.count - 1
          known[name] = place.object
        }
      }
      places.append(place)
    }
  }

  /// Adds `"name":`; names of the catalogue need no escaping.
  private mutating func key(_ name: String) -> ByteRange {
    let start = text.count
    text.append(contentsOf: "\"\(name)\":".utf8)
    return ByteRange(start, text.count)
  }
}
