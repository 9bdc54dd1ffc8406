// Shorten keeps a link under a short name and tells the bus of it.
package main

import (
	"context"
	"encoding/json"
	"log"
	"net/http"
	"os"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/config"

	"example.com/link-shortener/internal/bus"
	"example.com/link-shortener/internal/links"
	"example.com/link-shortener/internal/table"
)

type handler struct {
	service *links.Service
}

func (h *handler) shorten(ctx context.Context, request events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
	var link links.Link
	if err := json.Unmarshal([]byte(request.Body), &link); err != nil || !link.Valid() {
		return events.APIGatewayV2HTTPResponse{StatusCode: http.StatusBadRequest}, nil
	}
	if err := h.service.Shorten(ctx, link); err != nil {
		return events.APIGatewayV2HTTPResponse{StatusCode: http.StatusInternalServerError}, err
	}
	return events.APIGatewayV2HTTPResponse{StatusCode: http.StatusCreated}, nil
}

func main() {
	cfg, err := config.LoadDefaultConfig(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	store := table.New(cfg, os.Getenv("LINKS_TABLE"))
	h := &handler{service: links.NewService(store, bus.New(cfg, bus.WithName(os.Getenv("LINKS_BUS"))))}
	lambda.Start(h.shorten)
}
