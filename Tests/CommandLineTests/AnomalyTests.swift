import Foundation
import TestCaptures
import Testing

/// `anomaly` as analysts use it.
@Suite struct AnomalyTests {
  /// Forty rows close together, one far from them.
  private static let table: String = {
    let near = (0..<40).map { "192.0.2.\($0),\($0 % 24),\($0 % 7),\($0 % 5),0" }
    return (["src,hour,calls,minutes,label"] + near + ["203.0.113.66,3,90,,1"]).joined(separator: "\n") + "\n"
  }()

  private static func program() throws -> Program {
    let program = try Program()
    try program.folder.write(table, as: "t.csv")
    return program
  }

  private static func text(_ program: Program, _ name: String) throws -> [String] {
    let text = try String(contentsOfFile: program.folder.path(name), encoding: .utf8)
    #expect(text.hasSuffix("\n"))
    return text.split(separator: "\n").map(String.init)
  }

  @Test(arguments: [["fit"], ["knn"], ["knn", "--reference", "t.csv"]])
  func `scores are one row for each of the input, and the same each time`(words: [String]) async throws {
    let program = try Self.program()
    for name in ["one.csv", "two.csv"] {
      let outcome = try await program.run(["anomaly"] + words + ["--input", "t.csv", "--scores", name])
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.output.isEmpty && outcome.errors.isEmpty)
    }
    let lines = try Self.text(program, "one.csv")
    #expect(lines == (try Self.text(program, "two.csv")))
    #expect(lines.first == "score")
    let scores = lines.dropFirst().compactMap(Double.init)
    #expect(scores.count == 41)
    #expect(scores.allSatisfy { (0...1).contains($0) })
    // A row that is in its own reference is at the distance 0 from itself, but its other neighbours are far.
    #expect(scores.indices.max { scores[$0] < scores[$1] } == 40)
  }

  @Test func `the seed matters, and only to the forest's chance`() async throws {
    let program = try Self.program()
    for seed in ["1", "2"] {
      let words = ["anomaly", "fit", "--input", "t.csv", "--scores", "\(seed).csv", "--seed", seed]
      #expect(try await program.run(words).status == 0)
    }
    #expect(try Self.text(program, "1.csv") != (try Self.text(program, "2.csv")))
  }

  @Test func `three points have the known scores`() async throws {
    let program = try Program()
    try program.folder.write("x\n0\n1\n10\n", as: "t.csv")
    let outcome = try await program.run(
      "anomaly", "fit", "--input", "t.csv", "--scores", "-", "--trees", "10000")
    let scores = outcome.output.split(separator: "\n").dropFirst().compactMap { Double($0) }
    try #require(scores.count == 3)
    for (score, known) in zip(scores, [0.336, 0.317, 0.532]) { #expect(abs(score - known) < 0.003) }
  }

  @Test func `clusters are labelled, and names can be kept in front`() async throws {
    let program = try Program()
    try program.folder.write("name,x,y\nb,5,5\na,0,0\nc,5,6\n\"n, m\",9,9\nd,0,1\n", as: "t.csv")
    let outcome = try await program.run(
      "anomaly", "dbscan", "--input", "-", "--labels", "-", "--eps", "1", "--min-samples", "2", "--ignore",
      "name", "--keep", "name", input: program.folder.path("t.csv"))
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output == "name,label\nb,0\na,1\nc,0\n\"n, m\",-1\nd,1\n")
  }

  @Test func `scaling makes units comparable`() async throws {
    let program = try Program()
    try program.folder.write("a,b\n0,0\n0,1000\n1,0\n1,1000\n", as: "t.csv")
    let words = [
      "anomaly", "dbscan", "--input", "t.csv", "--labels", "-", "--eps", "2", "--min-samples", "2",
    ]
    #expect(try await program.run(words).output == "label\n0\n1\n0\n1\n")
    #expect(try await program.run(words + ["--scale", "standard"]).output == "label\n0\n0\n0\n0\n")
  }

  @Test(arguments: [
    ["fit", "--scores"], ["knn", "--scores"], ["dbscan", "--eps", "1", "--min-samples", "1", "--labels"],
  ])
  func `a table without rows has a result without rows`(words: [String]) async throws {
    let program = try Program()
    try program.folder.write("a,b\n", as: "t.csv")
    let outcome = try await program.run(["anomaly"] + words + ["-", "--input", "t.csv"])
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output == (words[0] == "dbscan" ? "label\n" : "score\n"))
  }

  static let wrong: [(words: [String], message: String)] = [
    (["fit", "--scores", "o.csv"], "Missing expected argument '--input <table.csv>'"),
    (["fit", "--input", "t.csv", "--scores", "o.csv", "--trees", "0"], "--trees is 1 to 10000"),
    (["fit", "--input", "t.csv", "--scores", "o.csv", "--sample", "1"], "--sample is 2 to 1000000"),
    (["fit", "--input", "t.csv", "--scores", "t.csv"], "t.csv: error: this is the input; name another file"),
    (["fit", "--input", "none.csv", "--scores", "o.csv"], "none.csv: error: there is no such file"),
    (["fit", "--input", "empty.csv", "--scores", "o.csv"], "empty.csv: error: the file is empty"),
    (
      ["fit", "--input", "bad.csv", "--scores", "o.csv"],
      "bad.csv:3:3: error: 'x' in column 'b' is no number; write a number"
    ),
    (
      ["fit", "--input", "t.csv", "--scores", "no/o.csv"], "no/o.csv: error: the table cannot be written here"
    ),
    (
      ["fit", "--input", "t.csv", "--scores", "o.csv", "--columns", "calls, days"],
      "t.csv:1: error: there is no column 'days'; the columns are src, hour, calls, minutes, label"
    ),
    (
      ["fit", "--input", "t.csv", "--scores", "o.csv", "--columns", "calls", "--ignore", "minutes"],
      "choose --columns or --ignore, not both"
    ),
    (
      ["dbscan", "--input", "t.csv", "--labels", "o.csv", "--eps=-1", "--min-samples", "2"],
      "--eps is a distance, 0 or more"
    ),
    (
      ["dbscan", "--input", "t.csv", "--labels", "o.csv", "--eps", "nan", "--min-samples", "2"],
      "--eps is a distance, 0 or more"
    ),
    (
      ["dbscan", "--input", "t.csv", "--labels", "o.csv", "--eps", "1", "--min-samples", "0"],
      "--min-samples is 1 or more"
    ),
    (["knn", "--input", "t.csv", "--scores", "o.csv", "--k", "0"], "--k is 1 to 1000"),
    (
      ["knn", "--input", "t.csv", "--scores", "o.csv", "--k", "41"],
      "t.csv: error: 41 rows are too few for --k 41; there must be more rows than that"
    ),
    (
      ["knn", "--input", "t.csv", "--reference", "other.csv", "--scores", "o.csv"],
      "other.csv:1: error: there is no column 'minutes'; the columns are calls"
    ),
    (
      ["knn", "--input", "-", "--reference", "-", "--scores", "o.csv"],
      "--input and --reference cannot both be standard input"
    ),
  ]

  @Test(arguments: wrong.indices)
  func `what is wrong is said, ends with 2 and writes nothing`(index: Int) async throws {
    let program = try Self.program()
    try program.folder.write("", as: "empty.csv")
    try program.folder.write("a,b\n1,2\n3,x\n", as: "bad.csv")
    try program.folder.write("calls\n1\n2\n", as: "other.csv")
    let before = program.folder.contents()
    let outcome = try await program.run(["anomaly"] + Self.wrong[index].words)
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains(Self.wrong[index].message), "\(outcome.errors)")
    #expect(outcome.output.isEmpty)
    #expect(program.folder.contents() == before)
  }

  @Test(arguments: [[], ["fit"], ["dbscan"], ["knn"]])
  func `each command has help with examples`(words: [String]) async throws {
    let outcome = try await Program().run(["anomaly"] + words + ["--help"])
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("EXAMPLES:"))
  }
}
