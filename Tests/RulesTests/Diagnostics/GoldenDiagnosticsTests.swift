import Foundation
import Rules
import Testing

/// The package's folder.
let packageRoot = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent().path

/// The names of the golden cases, sorted.
private let goldenNames: [String] = {
  let folder = "\(packageRoot)/Fixtures/RuleDiagnostics"
  let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
  return files.filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted()
}()

/// The report with paths relative to the package, so that it is the same on every machine.
private func rendered(_ name: String) -> String {
  let text = checkEverything(["\(packageRoot)/Fixtures/RuleDiagnostics/\(name).yaml"]).renderText()
  return text.replacing("\(packageRoot)/", with: "")
}

@Suite struct GoldenDiagnosticsTests {
  @Test func `there are golden cases`() {
    #expect(goldenNames.count >= 40)
  }

  @Test(arguments: goldenNames)
  func `each faulty rule file draws exactly the diagnostics beside it`(_ name: String) throws {
    let path = "\(packageRoot)/Fixtures/RuleDiagnostics/\(name).expected"
    let actual = rendered(name)
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
      try actual.write(toFile: path, atomically: true, encoding: .utf8)
    }
    let expected = try String(contentsOfFile: path, encoding: .utf8)
    #expect(actual == expected)
  }
}
