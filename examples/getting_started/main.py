"""Immuta's Getting Started guide as one stack: configure integrations, protect your data, register metadata.

The tenant and its API key come from IMMUTA_HOST and IMMUTA_API_KEY, the secrets from TF_VAR_<name>: see sample-secrets.sh.
"""

from cdktf import App, TerraformStack
from constructs import Construct
from immuta_constructs import (
    AmazonS3Integration,
    ColumnTagCircumstance,
    ColumnTagField,
    DataPolicy,
    DataPolicyAction,
    EntitlementsAction,
    Group,
    GroupMember,
    HashMasking,
    ImmutaProvider,
    MaskingRule,
    PolicyExceptions,
    PolicyUsers,
    S3DataSource,
    Secret,
    SnowflakeIntegration,
    SubscriptionPolicy,
    Tag,
    TagCircumstance,
    User,
    UserExternalIds,
)


class GettingStarted(TerraformStack):
    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        ImmutaProvider(self, "immuta")

        # 1. Configure an integration with each data platform.
        SnowflakeIntegration(
            self,
            "snowflake",
            auto_bootstrap=False,
            host="acme.us-east-1.snowflakecomputing.com",
            warehouse="SAMPLE_WAREHOUSE",
            database="IMMUTA",
            authentication_type="userPassword",
            username="IMMUTA_SYSTEM_ACCOUNT",
            password=Secret.variable("snowflake_password"),
        )
        lake = AmazonS3Integration(
            self,
            "lake",
            name="Data lake",
            aws_account_id="123456789",
            aws_region="us-east-1",
            aws_location_role="arn:aws:iam::123456789:role/access-grants-instance-role",
            aws_location_path="s3://acme-lake",
            authentication_type="accessKey",
            aws_access_key_id="123456789",
            aws_secret_access_key=Secret.variable("s3_secret_access_key"),
        )

        # 2. Protect your data: map the users to their names on the platforms, and build policies.
        taylor = User(self, "taylor", userid="taylor@example.com", name="Taylor", email="taylor@example.com")
        names = UserExternalIds(
            self,
            "taylor-names",
            userid=taylor.userid,
            external_user_ids={
                "snowflakeUser": "TAYLOR",
                "awsUser": "arn:aws:iam::123456789:role/analyst",
            },
        )
        analysts = Group(self, "analysts", name="analysts", description="May read the lake.")
        stewards = Group(self, "stewards", name="stewards", description="See personal data as it is.")
        GroupMember(self, "taylor-analyst", group_id=analysts.id, userid=taylor.userid)

        acme = Tag(self, "acme", name="Acme")
        sales = Tag(self, "sales", name=f"{acme.name}.Sales")
        personal = Tag(self, "personal", name=f"{acme.name}.Personal")
        readers = SubscriptionPolicy(
            self,
            "readers",
            policy_key="sales-readers",
            name="Analysts and stewards read sales",
            actions=EntitlementsAction(
                entitlements=PolicyUsers(operator="any", groups=[analysts.name, stewards.name]),
                automatic_subscription=True,
            ),
            circumstances=[TagCircumstance(tag=sales.name)],
        )
        masking = DataPolicy(
            self,
            "masking",
            policy_key="mask-personal-data",
            name="Mask personal data",
            actions=[
                DataPolicyAction(
                    rules=[
                        MaskingRule(
                            fields=[ColumnTagField(column_tag=personal.name)],
                            masking_config=HashMasking(),
                            exceptions=PolicyExceptions(operator="any", groups=[stewards.name]),
                        )
                    ]
                )
            ],
            circumstances=[ColumnTagCircumstance(column_tag=personal.name)],
        )

        # 3. Register metadata, once the data is protected.
        for name, prefix in {"orders": "/sales/orders/", "customers": "/sales/customers/"}.items():
            S3DataSource(
                self,
                name,
                integration_id=lake.id,
                data_source_name=f"Lake {name}",
                prefix=prefix,
                depends_on=[names, readers, masking],
            )


app = App()
GettingStarted(app, "getting-started")
app.synth()
