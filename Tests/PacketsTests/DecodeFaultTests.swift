import Packets
import Testing

@Suite struct DecodeFaultTests {
  @Test func `every fault has its row in the catalogue, in the order of the enumeration`() {
    #expect(DecodeFault.Kind.catalogue.map(\.kind) == DecodeFault.Kind.allCases)
  }

  @Test func `every row is one sentence with a source`() {
    for row in DecodeFault.Kind.catalogue {
      #expect(row.meaning.hasSuffix(".") && row.meaning.count > 15, "\(row.kind.rawValue)")
      #expect(!row.source.isEmpty, "\(row.kind.rawValue)")
      #expect(row.kind.meaning == row.meaning)
    }
  }
}
