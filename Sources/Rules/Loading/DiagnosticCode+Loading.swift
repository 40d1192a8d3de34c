extension DiagnosticCode {
  // Files.
  static let fileNotFound = DiagnosticCode(rawValue: "file-not-found")
  static let fileUnreadable = DiagnosticCode(rawValue: "file-unreadable")
  static let notAFile = DiagnosticCode(rawValue: "not-a-file")
  static let noRuleFiles = DiagnosticCode(rawValue: "no-rule-files")
  static let fileTooLarge = DiagnosticCode(rawValue: "file-too-large")
  static let emptyFile = DiagnosticCode(rawValue: "empty-file")

  // Text.
  static let lineTooLong = DiagnosticCode(rawValue: "line-too-long")
  static let invalidEncoding = DiagnosticCode(rawValue: "invalid-encoding")
  static let controlCharacter = DiagnosticCode(rawValue: "control-character")
  static let tabIndentation = DiagnosticCode(rawValue: "tab-indentation")

  // YAML.
  static let yamlSyntax = DiagnosticCode(rawValue: "yaml-syntax")
  static let multipleDocuments = DiagnosticCode(rawValue: "multiple-documents")
  static let yamlDirective = DiagnosticCode(rawValue: "yaml-directive")
  static let yamlAnchor = DiagnosticCode(rawValue: "yaml-anchor")
  static let yamlAlias = DiagnosticCode(rawValue: "yaml-alias")
  static let yamlTag = DiagnosticCode(rawValue: "yaml-tag")
  static let mergeKey = DiagnosticCode(rawValue: "merge-key")
  static let complexKey = DiagnosticCode(rawValue: "complex-key")
  static let duplicateKey = DiagnosticCode(rawValue: "duplicate-key")
  static let tooDeep = DiagnosticCode(rawValue: "too-deep")
  static let tooManyNodes = DiagnosticCode(rawValue: "too-many-nodes")

  // Shape and values.
  static let unknownKey = DiagnosticCode(rawValue: "unknown-key")
  static let missingKey = DiagnosticCode(rawValue: "missing-key")
  static let conflictingKeys = DiagnosticCode(rawValue: "conflicting-keys")
  static let wrongType = DiagnosticCode(rawValue: "wrong-type")
  static let notYetSupported = DiagnosticCode(rawValue: "not-yet-supported")
  static let commentInExpression = DiagnosticCode(rawValue: "comment-in-expression")
  static let foldedExpression = DiagnosticCode(rawValue: "folded-expression")
  static let badName = DiagnosticCode(rawValue: "bad-name")
  static let badNumber = DiagnosticCode(rawValue: "bad-number")
  static let badBoolean = DiagnosticCode(rawValue: "bad-boolean")
  static let badDuration = DiagnosticCode(rawValue: "bad-duration")
  static let badDate = DiagnosticCode(rawValue: "bad-date")
  static let badTime = DiagnosticCode(rawValue: "bad-time")
  static let badSeverity = DiagnosticCode(rawValue: "bad-severity")
  static let badTechnique = DiagnosticCode(rawValue: "bad-technique")
  static let duplicateID = DiagnosticCode(rawValue: "duplicate-id")
  static let duplicateSID = DiagnosticCode(rawValue: "duplicate-sid")
  static let duplicateName = DiagnosticCode(rawValue: "duplicate-name")
}
