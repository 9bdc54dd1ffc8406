using System.Text.Json;
using Amazon.Lambda.APIGatewayEvents;
using Amazon.Lambda.Core;
using Amazon.Lambda.S3Events;
using Intake.Domain;
using Microsoft.Extensions.DependencyInjection;

[assembly: LambdaSerializer(typeof(Amazon.Lambda.Serialization.SystemTextJson.DefaultLambdaJsonSerializer))]

namespace Intake;

public class Functions
{
    private readonly Clerk _clerk;

    public Functions() : this(Startup.Services) { }

    internal Functions(IServiceProvider services) => _clerk = services.GetRequiredService<Clerk>();

    public async Task RegisterAsync(S3Event arrived, ILambdaContext context)
    {
        foreach (var record in arrived.Records)
        {
            await _clerk.RegisterAsync(record.S3.Bucket.Name, record.S3.Object.Key);
        }
    }

    public async Task<APIGatewayHttpApiV2ProxyResponse> FindAsync(APIGatewayHttpApiV2ProxyRequest request, ILambdaContext context)
    {
        var entry = await _clerk.FindAsync(request.PathParameters["key"]);
        return new APIGatewayHttpApiV2ProxyResponse
        {
            StatusCode = entry is null ? 404 : 200,
            Body = JsonSerializer.Serialize(entry),
        };
    }
}
