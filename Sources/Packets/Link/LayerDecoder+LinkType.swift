extension LayerDecoder.Layer {
  /// The layer that a link type's frames begin with.
  init(_ linkType: LinkType) {
    switch linkType.rawValue {
    case 1: self = .ethernet
    case 0: self = .null
    case 108: self = .loopback
    case 9, 50: self = .ppp
    case 12, 14, 101, 228, 229: self = .rawIP
    case 113: self = .cooked
    case 276: self = .cooked2
    default: self = .unsupported
    }
  }
}
