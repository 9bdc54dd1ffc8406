// Follow looks a short name up, counts the visit and leads on.
package main

import (
	"context"
	"errors"
	"log"
	"net/http"
	"os"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/config"

	"example.com/link-shortener/internal/links"
	"example.com/link-shortener/internal/table"
)

var service *links.Service

func init() {
	cfg, err := config.LoadDefaultConfig(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	service = links.NewService(table.New(cfg, os.Getenv("LINKS_TABLE")), links.Quiet{})
}

func follow(ctx context.Context, request events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
	target, err := service.Follow(ctx, request.PathParameters["name"])
	switch {
	case errors.Is(err, links.ErrUnknown):
		return events.APIGatewayV2HTTPResponse{StatusCode: http.StatusNotFound}, nil
	case err != nil:
		return events.APIGatewayV2HTTPResponse{StatusCode: http.StatusInternalServerError}, err
	}
	headers := map[string]string{"Location": target}
	return events.APIGatewayV2HTTPResponse{StatusCode: http.StatusFound, Headers: headers}, nil
}

func main() {
	lambda.Start(follow)
}
