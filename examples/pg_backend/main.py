"""State in PostgreSQL. The connection string, which holds a password, is in PG_CONN_STR and in no file."""

from cdktf import App, PgBackend, TerraformStack
from immuta_constructs import ImmutaProvider, TrinoIntegration

app = App()
stack = TerraformStack(app, "trino")
backend = PgBackend(stack, conn_str="", schema_name="immuta_trino")
backend.add_override("conn_str", None)
ImmutaProvider(stack, "immuta")
TrinoIntegration(stack, "starburst")
app.synth()
