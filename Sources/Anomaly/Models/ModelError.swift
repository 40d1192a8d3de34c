/// Why a model cannot be read.
public enum ModelError: Error, Equatable, Sendable, CustomStringConvertible {
  /// It does not begin as a model does.
  case notAModel
  /// It has a version that this program does not know.
  case unknownVersion(UInt32)
  /// It is shorter than it says, or was changed: its checksum does not fit.
  case damaged
  /// It fits its checksum, and holds what no detector has.
  case inconsistent(String)

  /// The cause and what to do, in one line.
  public var description: String {
    switch self {
    case .notAModel: "this is no model; 'ringwatch train' writes models"
    case .unknownVersion(let version):
      "this model has version \(version), and this program reads version \(ModelFile.version); train it again"
    case .damaged: "this model is damaged (its checksum does not fit); take a copy, or train it again"
    case .inconsistent(let place): "this model is damaged (\(place)); take a copy, or train it again"
    }
  }
}
