import Events
import Packets
import Protocols
import Testing

@testable import Tracking

/// The words of the field catalogue are those that the code sets, no more and no fewer.
@Suite struct FieldWordsTests {
  private func names<Kind: RawRepresentable>(of kind: Kind.Type, _ name: (Kind) -> StaticString) -> Set<
    String
  >
  where Kind.RawValue == UInt8 {
    Set((0...UInt8.max).compactMap { Kind(rawValue: $0) }.map { "\(name($0))" })
  }

  private func words(_ field: Field) -> Set<String> { Set(FieldCatalog.domain(of: field).words) }

  @Test func `calls say what the catalogue lists`() {
    #expect(words(.callCause) == names(of: CallCause.self, \.name))
    #expect(words(.callEndedBy) == names(of: CallEnder.self, \.name))
    #expect(words(.callLegEvidence) == names(of: LegEvidence.self, \.name))
    #expect(words(.registrationReason) == names(of: RegistrationFailure.self, \.reason))
  }

  @Test func `streams and flows say what the catalogue lists`() {
    #expect(words(.rtpMOSScale) == names(of: EModel.Scale.self, \.name))
    #expect(words(.callMOSScale) == words(.rtpMOSScale))
    #expect(words(.rtpMOSSource) == names(of: CodecImpairment.Source.self, \.name))
    #expect(words(.callMOSSource) == words(.rtpMOSSource))
    #expect(words(.rtpCorrelatedBy) == names(of: MediaOwner.Evidence.self, \.name).union(["none"]))
    #expect(words(.flowState) == names(of: Flow.State.self, \.name))
    #expect(words(.flowReason) == names(of: Flow.EndReason.self, \.name))
    #expect(words(.flowTraffic) == names(of: TrafficLabel.self, \.name))
  }

  @Test func `protocols are called what the catalogue lists`() {
    // An alert of no packet is `unknown`, as in Suricata.
    #expect(words(.appProto) == names(of: AppProtocol.self, \.name).union(["unknown"]))
    #expect(words(.tunnelProto) == Set(Tunnel.Kind.allCases.filter { $0 != .none }.map(\.name)))
    let domain = FieldCatalog.domain(of: .proto)
    for number in 0...UInt8.max {
      #expect(domain.contains(TransportProtocol(rawValue: number).name))
    }
    let named = (0...UInt8.max).map { TransportProtocol(rawValue: $0).name }.filter {
      $0.contains(where: \.isLetter)
    }
    #expect(Set(domain.words) == Set(named))
  }

  @Test func `versions of TLS and DTLS are called what the catalogue lists`() {
    let names = Set((0...UInt16.max).map { "\(TLSVersion.name($0))" })
    #expect(words(.tlsVersion) == names)
    #expect(words(.dtlsVersion) == names)
  }

  @Test func `threat levels are those above low`() {
    let levels = Set(ThreatLevel.allCases.filter { $0 > .low }.map { "\($0.name)" })
    #expect(words(.sourceThreatLevel) == levels)
    #expect(words(.accountThreatLevel) == levels)
  }
}
