// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/models/tableroles.h"
#include "ui/topology/cardlayout.h"
#include "ui/topology/noderecord.h"
#include "ui/topology/opshistory.h"

class QPainter;

namespace slotscope {

class Theme;
struct ThemeTokens;

/// Draws text on one line of `rect`, with an ellipsis if it does not fit.
void drawElided(QPainter &painter, const QRect &rect, const QString &text, Qt::TextElideMode mode,
                Qt::Alignment alignment = Qt::AlignLeft);

/// Draws the cards of a layout. Holds only references and is created for each paint.
class CardPainter final
{
    Q_DISABLE_COPY_MOVE(CardPainter)
public:
    /// `alerts`: by node id, the limits that the node exceeds now.
    CardPainter(QPainter &painter, const ClusterView &view, const OpsHistory &history, const NodeRecord &record,
                const QHash<QByteArray, QStringList> &alerts, const ThemeTokens &tokens)
        : m_painter(painter), m_view(view), m_history(history), m_record(record), m_alerts(alerts), m_tokens(tokens)
    { }

    struct Marks
    {
        int current = -1, hovered = -1; ///< node indexes
        bool focus = false;
    };
    void paint(const Card &card, CardSize size, const Marks &marks);

private:
    void paintFrame(const Card &card);
    void drawFrame(QPainter &painter, const QRect &rect, bool dashed, CardTrouble trouble) const;
    void paintHead(const Card &card);
    void paintBar(const Card &card);
    void paintRow(const Card &card, const CardRow &row, const Marks &marks);
    void paintConnector(const Card &card, const CardRow &row);
    /// Draws the address into `area`, leaving `room` on the right; returns the start of the next column.
    int paintName(const Card &card, const NodeState &node, const QRect &area, int room);
    void paintFigures(const Card &card, const CardRow &row, const NodeState &node, int left);
    void paintSparkline(const QRect &rect, const NodeState &node);
    /// background of the row under the mouse, or selected by the keyboard
    void paintMarked(const CardRow &row, const Marks &marks);
    void paintNodeBadge(const QRect &rect, const NodeState &node);

    void paintRoomyRow(const Card &card, size_t row, const Marks &marks);
    void paintRoomyPlot(const Card &card, const NodeState &node);
    void paintRoomyFigures(const Card &card, const NodeState &node);
    void paintRoomyLink(const Card &card, const NodeState &replica);
    void paintRoomyReplica(const CardRow &row, const NodeState &node, bool isOnly);
    /// A small caption above a value, with a bar below if `share` is 0 to 1.
    struct Figure
    {
        QString caption, value, unit = {};
        double share = -1;
        Tone tone = Tone::Neutral;
    };
    void paintFigure(const QRect &rect, const Figure &figure, const QColor &barColour);
    void paintLine(const QRectF &rect, const std::vector<double> &values, double top, const QColor &colour, bool fill);

    void paintCompact(const Card &card, const Marks &marks);
    void paintCompactRow(const CardRow &row, const NodeState &node);
    [[nodiscard]] QString outsideText(const NodeState &node) const;

    QPainter &m_painter;
    const ClusterView &m_view;
    const OpsHistory &m_history;
    const NodeRecord &m_record;
    const QHash<QByteArray, QStringList> &m_alerts;
    const ThemeTokens &m_tokens;
};

} // namespace slotscope
