"""Amazon S3 from the bucket to the registered data: role, bucket, Access Grants instance and integration in one stack.

It wants `pip install cdktf-cdktf-provider-aws`. The first import takes minutes, because Python compiles the whole package.
Immuta tells its AWS account and the external id of your tenant: TF_VAR_immuta_aws_account_id and TF_VAR_immuta_external_id.
"""

from cdktf import App, TerraformStack, TerraformVariable
from cdktf_cdktf_provider_aws.data_aws_caller_identity import DataAwsCallerIdentity
from cdktf_cdktf_provider_aws.data_aws_iam_policy_document import (
    DataAwsIamPolicyDocument,
    DataAwsIamPolicyDocumentStatement,
    DataAwsIamPolicyDocumentStatementCondition,
    DataAwsIamPolicyDocumentStatementPrincipals,
)
from cdktf_cdktf_provider_aws.data_aws_region import DataAwsRegion
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy
from cdktf_cdktf_provider_aws.provider import AwsProvider
from cdktf_cdktf_provider_aws.s3_bucket import S3Bucket
from cdktf_cdktf_provider_aws.s3_control_access_grants_instance import S3ControlAccessGrantsInstance
from constructs import Construct
from immuta_constructs import AmazonS3Integration, ImmutaProvider, S3DataSource


class Lake(TerraformStack):
    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        ImmutaProvider(self, "immuta")
        AwsProvider(self, "aws", region="eu-central-1")
        self.account_id = DataAwsCallerIdentity(self, "caller").account_id
        self.bucket = S3Bucket(self, "bucket", bucket="acme-lake")
        self.instance = S3ControlAccessGrantsInstance(self, "instance")
        location, location_policy = self.location_role()
        grants, grants_policy = self.grants_role(location)

        integration = AmazonS3Integration(
            self,
            "lake",
            name="Data lake",
            aws_account_id=self.account_id,
            aws_region=DataAwsRegion(self, "region").region,
            aws_location_role=location.arn,
            aws_location_path=f"s3://{self.bucket.bucket}/",
            authentication_type="auto",
            aws_role_to_assume=grants.arn,
            depends_on=[location_policy, grants_policy],
        )
        for name in ("orders", "customers"):
            S3DataSource(
                self,
                name,
                integration_id=integration.id,
                data_source_name=f"Lake {name}",
                prefix=f"/sales/{name}/",
            )

    def location_role(self) -> tuple[IamRole, IamRolePolicy]:
        """The role that Access Grants assumes to give out credentials for the bucket."""
        service = DataAwsIamPolicyDocumentStatementPrincipals(
            type="Service", identifiers=["access-grants.s3.amazonaws.com"]
        )
        trust = DataAwsIamPolicyDocumentStatement(
            actions=["sts:AssumeRole", "sts:SetSourceIdentity"],
            principals=[service],
            condition=[
                equals("aws:SourceAccount", self.account_id),
                equals("aws:SourceArn", self.instance.access_grants_instance_arn),
            ],
        )
        objects = DataAwsIamPolicyDocumentStatement(
            actions=["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
            resources=[f"{self.bucket.arn}/*"],
        )
        listing = DataAwsIamPolicyDocumentStatement(actions=["s3:ListBucket"], resources=[self.bucket.arn])
        return self.role("location", trust, [objects, listing])

    def grants_role(self, location: IamRole) -> tuple[IamRole, IamRolePolicy]:
        """The role that Immuta assumes to manage locations and grants, and nothing else."""
        account = TerraformVariable(self, "immuta_aws_account_id", type="string").string_value
        external_id = TerraformVariable(self, "immuta_external_id", type="string").string_value
        immuta = DataAwsIamPolicyDocumentStatementPrincipals(
            type="AWS", identifiers=[f"arn:aws:iam::{account}:root"]
        )
        trust = DataAwsIamPolicyDocumentStatement(
            actions=["sts:AssumeRole"],
            principals=[immuta],
            condition=[equals("sts:ExternalId", external_id)],
        )
        instance = self.instance.access_grants_instance_arn
        manage = DataAwsIamPolicyDocumentStatement(
            actions=[
                "s3:GetAccessGrantsInstance",
                "s3:GetAccessGrantsInstanceForPrefix",
                "s3:CreateAccessGrantsLocation",
                "s3:DeleteAccessGrantsLocation",
                "s3:GetAccessGrantsLocation",
                "s3:ListAccessGrantsLocations",
                "s3:UpdateAccessGrantsLocation",
                "s3:CreateAccessGrant",
                "s3:DeleteAccessGrant",
                "s3:GetAccessGrant",
                "s3:ListAccessGrants",
            ],
            resources=[instance, f"{instance}/*"],
        )
        hand_over = DataAwsIamPolicyDocumentStatement(
            actions=["iam:GetRole", "iam:PassRole"], resources=[location.arn]
        )
        return self.role("grants", trust, [manage, hand_over])

    def role(
        self,
        name: str,
        trust: DataAwsIamPolicyDocumentStatement,
        permissions: list[DataAwsIamPolicyDocumentStatement],
    ) -> tuple[IamRole, IamRolePolicy]:
        role = IamRole(
            self,
            f"{name}-role",
            name=f"immuta-{name}",
            assume_role_policy=DataAwsIamPolicyDocument(self, f"{name}-trust", statement=[trust]).json,
        )
        policy = IamRolePolicy(
            self,
            f"{name}-policy",
            role=role.name,
            policy=DataAwsIamPolicyDocument(self, f"{name}-permissions", statement=permissions).json,
        )
        return role, policy


def equals(variable: str, value: str) -> DataAwsIamPolicyDocumentStatementCondition:
    return DataAwsIamPolicyDocumentStatementCondition(test="StringEquals", variable=variable, values=[value])


app = App()
Lake(app, "aws-s3")
app.synth()
