"""Amazon S3, through AWS S3 Access Grants."""

from __future__ import annotations

from typing import Annotated

from immuta_provider.model.fields import Choices, When
from immuta_provider.model.integrations.base import SET_UP_BEFOREHAND, AboutIntegration, Integration
from immuta_provider.model.integrations.parts import a_port
from immuta_provider.model.spec import Spec

WITH_ACCESS_KEY = When({"authentication_type": ("accessKey",)})
MAYBE_WITH_ACCESS_KEY = When({"authentication_type": ("accessKey",)}, strict=False)
AUTOMATIC = When({"authentication_type": ("auto",)}, strict=False)


class AmazonS3Integration(Integration):
    """Amazon S3 access control through one AWS S3 Access Grants instance. The instance and its IAM roles are set up
    beforehand, and no location may be registered in it yet. Immuta has to enable this type for the tenant."""

    about = AboutIntegration(
        resource="immuta_amazon_s3_integration",
        constants={"type": "Native S3"},
        title="Amazon S3",
        documentation="https://documentation.immuta.com/saas/developer-guides/api-intro/integrations-api/how-to-guides/s3-api",
        unique_by=("name",),
    )

    auto_bootstrap: Annotated[bool | None, SET_UP_BEFOREHAND] = None
    name: Annotated[
        str, Spec("name", "Name of the integration. It has to be unique among the S3 integrations in Immuta.")
    ]
    aws_account_id: Annotated[
        str,
        Spec(
            "awsAccountId",
            "Id of the AWS account that has the Access Grants instance. It is text, which keeps leading zeros.",
            replace=True,
            pattern="[0-9]+",
            pattern_hint="text of digits only",
            pattern_strict=False,
        ),
    ]
    aws_region: Annotated[
        str,
        Spec(
            "awsRegion",
            "AWS region of the Access Grants instance, such as us-east-1.",
            replace=True,
            pattern="[a-z]+-[a-z-]+-[0-9]+",
            pattern_hint="an AWS region's code, such as us-east-1",
            pattern_strict=False,
        ),
    ]
    aws_location_role: Annotated[
        str,
        Spec(
            "awsLocationRole",
            "ARN of the IAM role of the base location, which Access Grants assumes to give out credentials.",
            replace=True,
            pattern="arn:[^:]+:[^:]+:[^:]*:[^:]*:.+",
            pattern_hint="an ARN, such as arn:aws:iam::123456789012:role/immuta-location",
        ),
    ]
    aws_location_path: Annotated[
        str,
        Spec(
            "awsLocationPath",
            "Base location as an S3 prefix: s3:// for everything, s3://bucket/prefix/ for less. No other S3 "
            "integration in Immuta may have the same.",
            replace=True,
            pattern="s3://.*",
            pattern_hint="an S3 prefix, such as s3:// or s3://bucket/prefix/",
            pattern_strict=False,
        ),
    ]
    authentication_type: Annotated[
        str,
        Spec(
            "authenticationType",
            "Authentication method for AWS. auto: by a role that Immuta assumes. accessKey: by an access key.",
            choices=Choices("auto", "accessKey"),
        ),
    ]
    aws_role_to_assume: Annotated[
        str | None,
        Spec(
            "awsRoleToAssume",
            "ARN of the IAM role that Immuta assumes to manage the Access Grants instance.",
            default="Immuta assumes no role.",
            required_when=AUTOMATIC,
            computed=True,
        ),
    ] = None
    aws_access_key_id: Annotated[
        str | None,
        Spec(
            "awsAccessKeyId",
            "Id of the access key; not secret by itself.",
            default="Immuta signs in without an access key.",
            required_when=WITH_ACCESS_KEY,
            only_when=MAYBE_WITH_ACCESS_KEY,
        ),
    ] = None
    aws_secret_access_key: Annotated[
        str | None,
        Spec(
            "awsSecretAccessKey",
            "Secret of the access key.",
            default="Immuta signs in without an access key.",
            required_when=WITH_ACCESS_KEY,
            only_when=MAYBE_WITH_ACCESS_KEY,
            secret=True,
        ),
    ] = None
    port: Annotated[
        int | None,
        a_port("Port of the Access Grants instance.", "Immuta uses 443.", computed=True, computed_as=443),
    ] = None
