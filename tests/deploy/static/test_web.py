"""The public address: these routes and no others, slowed down, logged without what its bearers can do."""

import json
import re
import unittest

from .rendered import ROOT, functions, of_type, resources


def routes():
    return of_type("AWS::ApiGatewayV2::Route")


class Web(unittest.TestCase):
    def test_the_routes_are_those_that_the_function_answers(self):
        # Its table, above its code.
        told = re.findall(r"^//! \| (`.*?) \|", (ROOT / "functions/web/src/lib.rs").read_text(), re.M)
        told = [route for cell in told for route in re.findall(r"`([^`]+)`", cell)]
        self.assertEqual(len(told), 6)
        self.assertEqual(sorted(route["RouteKey"] for route in routes().values()), sorted(told))

    def test_every_route_leads_to_it_and_nothing_else_calls_it(self):
        (integration,) = of_type("AWS::ApiGatewayV2::Integration")
        made = of_type("AWS::ApiGatewayV2::Integration")[integration]
        web = functions()["web"]["Id"]
        self.assertEqual((made["IntegrationType"], made["IntegrationUri"]), ("AWS_PROXY", f"{{{web}.Arn}}"))
        # functions/web/src/gateway.rs reads this form alone.
        self.assertEqual(made["PayloadFormatVersion"], "2.0")
        self.assertEqual({route["Target"] for route in routes().values()}, {f"integrations/{{{integration}}}"})
        (right,) = [p for p in of_type("AWS::Lambda::Permission").values() if p["FunctionName"] == f"{{{web}}}"]
        self.assertEqual((right["FunctionName"], right["Action"], right["Principal"]), (f"{{{web}}}", "lambda:InvokeFunction", "apigateway.amazonaws.com"))
        self.assertRegex(right["SourceArn"], r":execute-api:eu-west-1:\d+:\{WebApi\}/\*$")
        self.assertNotIn("AWS::Lambda::Url", {r["Type"] for r in resources().values()})

    def test_there_is_one_address_without_other_sites_rights(self):
        (api,) = of_type("AWS::ApiGatewayV2::Api").values()
        self.assertEqual(api["ProtocolType"], "HTTP")
        self.assertNotIn("CorsConfiguration", api)
        (stage,) = of_type("AWS::ApiGatewayV2::Stage").values()
        # The pages stand at its root: links are {public_url}/u/{token}.
        self.assertEqual((stage["StageName"], stage["AutoDeploy"]), ("$default", True))

    def test_it_is_slowed_down_to_a_part_of_a_new_accounts_executions(self):
        (stage,) = of_type("AWS::ApiGatewayV2::Stage").values()
        limits = stage["DefaultRouteSettings"]
        self.assertTrue(0 < limits["ThrottlingRateLimit"] <= 50 and 0 < limits["ThrottlingBurstLimit"] <= 100, limits)
        self.assertLess(functions()["web"]["Timeout"], 30)

    def test_the_log_of_requests_holds_neither_path_nor_address(self):
        (stage,) = of_type("AWS::ApiGatewayV2::Stage").values()
        log = stage["AccessLogSettings"]
        self.assertEqual(log["DestinationArn"], "{WebAccessLogs.Arn}")
        self.assertIn("WebAccessLogs", of_type("AWS::Logs::LogGroup"))
        self.assertEqual(
            set(json.loads(log["Format"]).values()),
            {"$context.requestId", "$context.routeKey", "$context.status", "$context.responseLatency"},
        )


if __name__ == "__main__":
    unittest.main()
